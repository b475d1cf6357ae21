/**
 * Timed simulation of a SAM graph on real operands.
 *
 * Source: Hsu et al., "The Sparse Abstract Machine", ASPLOS 2023.
 */
import { hbmBurst, type MemoryModel, type SimulationReport, simulate, type TimelineRecorder } from "@millrace/sim-core";
import type { Tensor } from "@millrace/tensor";
import { ELEMENT_BYTES } from "../blocks/memory/access.ts";
import { FuseflowError } from "../errors.ts";
import type { SamGraph } from "../sam/graph.ts";
import { maximumTile } from "../sam/tile-work.ts";
import { comal } from "../timing/comal.ts";
import type { TimingProfile, TimingProfileName } from "../timing/profile.ts";
import { samSync } from "../timing/sam-sync.ts";
import { countWork, type SamCounts } from "./count-work.ts";
import { searchDepth } from "./freeing-depth.ts";
import { reportOnGraph } from "./graph-report.ts";
import { buildMachine, type Machine, REGISTER_SLACK } from "./machine.ts";
import type { Operands } from "./operand-arrays.ts";
import { assembleOutputs } from "./outputs/assemble-outputs.ts";
import type { StreamRecord } from "./stream-record.ts";
import { tileSizeOf } from "./tile-store.ts";

/** Settings of a simulation. */
export interface SimulateSamOptions {
  /** Clock rules. Default `comal`. */
  readonly profile?: TimingProfileName;
  /** Tokens a queue holds before its producer stalls; an integer of at least 1. Unbounded if not given. */
  readonly fifo?: number;
  /**
   * Where arrays are: `none` (the default) makes reading and writing part of a step; `hbm-burst` is Comal's memory of 8
   * channels behind an arbiter, with one request for each coordinate, position and value; other models are taken as
   * they are, and elements beside each other share their bursts.
   */
  readonly memory?: "none" | "hbm-burst" | MemoryModel;
  /**
   * Gives values that are numbers the time that Comal's timing of tiles gives them, for tiles of this size: a bound for what
   * tiles would take, as it was recorded. Only in profile `comal`.
   */
  readonly tileTiming?: number;
  /** `functional` (the default) gives the outputs; `timing` gives the same cycles and puts no outputs together. */
  readonly mode?: "functional" | "timing";
  /** Whether to keep the tokens of every stream; for graphs small enough to look at. */
  readonly recordStreams?: boolean;
  /** Told of all that happens; `encode` it afterwards. */
  readonly timeline?: TimelineRecorder;
}

/** What a simulation gives. */
export interface SamSimulation {
  /** Nodes have the ids of blocks, channels those of edges. */
  readonly report: SimulationReport;
  /** The tensors written, by name; none in mode `timing` or after a deadlock. */
  readonly outputs: Record<string, Tensor>;
  readonly counts: SamCounts;
  /** Tokens by edge, where asked for. */
  readonly streams?: StreamRecord;
}

const MEMORY_CHANNELS = 8;
const BURST_INTERVAL = 2;

/** The burst memory as Comal sets it up: one burst for each element. */
const comalMemory = (): MemoryModel =>
  hbmBurst({
    burstBytes: ELEMENT_BYTES,
    channels: MEMORY_CHANNELS,
    initiationInterval: BURST_INTERVAL,
    spread: "round-robin",
  });

/** Most bytes that the memory `hbm-burst` of {@link simulateSam} moves in a cycle. */
export const BURST_MEMORY_BYTES_PER_CYCLE: number = (MEMORY_CHANNELS * ELEMENT_BYTES) / BURST_INTERVAL;

const profiles: Readonly<Record<TimingProfileName, TimingProfile>> = { comal, "sam-sync": samSync };

/**
 * Simulates `graph` on `operands`, by tensor name. A deadlock is a result: `report.deadlock` names what waits for what,
 * and the queue depth that frees it.
 *
 * @throws {FuseflowError} `simulate-options`; `graph-invalid` for a graph that is not whole; `operand-missing`,
 *   `operand-format` for operands that do not fit; `stream-mismatch`, `stream-ended`, `reference-range` where streams are
 *   inconsistent, naming block, port and tokens; `output-shape` if what was written is no tensor.
 */
export function simulateSam(graph: SamGraph, operands: Operands, options: SimulateSamOptions = {}): SamSimulation {
  const { fifo, memory = "none", mode = "functional", recordStreams = false } = options;
  const profile = profiles[options.profile ?? "comal"];
  if (fifo !== undefined && !(Number.isInteger(fifo) && fifo >= 1)) {
    throw new FuseflowError("simulate-options", `fifo must be an integer of at least 1, not ${fifo}`);
  }
  refuseTiming(graph, options);
  const record: StreamRecord | undefined = recordStreams ? new Map() : undefined;
  const machineAt = (depth: number | undefined, recorded?: StreamRecord): Machine =>
    buildMachine(graph, operands, {
      profile,
      ...(depth === undefined ? {} : { fifo: depth }),
      ...(memory === "none" ? {} : { memory: memory === "hbm-burst" ? comalMemory() : memory }),
      ...(options.tileTiming === undefined ? {} : { tileTiming: options.tileTiming }),
      ...(recorded === undefined ? {} : { record: recorded }),
    });
  const machine = machineAt(fifo, record);
  const { timeline } = options;
  const raw = simulate(machine.graph, timeline === undefined ? {} : { timeline });
  const slack = fifo !== undefined && profile.registers ? REGISTER_SLACK : 0;
  const runs = (depth: number): boolean => simulate(machineAt(depth).graph).deadlock === null;
  const report = withDepth(reportOnGraph(raw, graph, slack), fifo, profile.registers ? runs : null);
  const whole = report.deadlock === null && mode === "functional";
  return {
    report,
    outputs: whole ? assembleOutputs(graph, machine, operands) : {},
    counts: countWork(graph, machine.blocks, report),
    ...(record === undefined ? {} : { streams: record }),
  };
}

/** Tiles take time in one profile only, and cannot be kept: they are used again. */
function refuseTiming(graph: SamGraph, { profile, tileTiming, recordStreams }: SimulateSamOptions): void {
  const tiled = tileSizeOf(graph) !== null;
  const fail = (message: string): never => {
    throw new FuseflowError("simulate-options", message);
  };
  if (profile === "sam-sync" && (tiled || tileTiming !== undefined))
    fail("profile sam-sync has no timing of tiles; simulate them in profile comal");
  if (tiled && recordStreams) fail("streams of tiles cannot be recorded; record those of the graph without blocks");
  if (tileTiming === undefined) return;
  if (tiled) fail("the graph works on tiles; tileTiming is for graphs on numbers");
  if (!(Number.isInteger(tileTiming) && tileTiming >= 1 && tileTiming <= maximumTile))
    fail(`tileTiming must be an integer from 1 to ${maximumTile}, not ${tileTiming}`);
}

/** The report with the depth that frees a deadlock; without `runs`, the one that the engine found is exact. */
function withDepth(
  report: SimulationReport,
  fifo: number | undefined,
  runs: ((depth: number) => boolean) | null,
): SimulationReport {
  const { deadlock } = report;
  if (deadlock === null || deadlock.capacity === null || fifo === undefined || runs === null) return report;
  const capacity = searchDepth({ tooShallow: fifo, expected: deadlock.capacity, runs });
  return { ...report, deadlock: { ...deadlock, capacity } };
}
