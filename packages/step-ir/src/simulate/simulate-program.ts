/** The timed meaning of a program: cycles, traffic, and where the time went. */
import {
  type Graph,
  hbmBurst,
  type MemoryModel,
  type SimulationReport,
  simulate,
  type TimelineRecorder,
} from "@millrace/sim-core";
import {
  type Inputs,
  numbersOf,
  type Results,
  sourceStreams,
  tensorContents,
  undrained,
} from "../interpret/interpret.ts";
import type { Program } from "../program/program.ts";
import { splitStops } from "../stream/fused-tokens.ts";
import { lower } from "./lower.ts";
import type { MachineOptions, Tally } from "./machine.ts";
import { measureCounts } from "./stream-count.ts";

/** The machine that runs a program. */
export interface SimulateProgramOptions extends MachineOptions {
  /** Off-chip memory; the burst memory of the paper unless given. */
  readonly memory?: MemoryModel;
  /** Slots of every channel; 1 unless given. */
  readonly depth?: number;
  /** Slots of the channels that a node writes, by its id. */
  readonly depths?: Readonly<Record<string, number>>;
  /**
   * `functional` moves values as well and gives outputs and tensors, for which it needs what the tensors hold; `timing`,
   * the default, moves sizes only. Both take the same cycles.
   */
  readonly mode?: "timing" | "functional";
  /** Records what happens, for Perfetto. */
  readonly timeline?: TimelineRecorder;
}

/** What a timed run gives. */
export interface TimedResults {
  /** Cycles, time per node, traffic per channel and memory; ids are those of the program. */
  readonly report: SimulationReport;
  /** Bytes moved to and from off-chip memory, in whole bursts. */
  readonly offChipBytes: number;
  /** Floating-point operations. */
  readonly flops: number;
  /** For each node that takes what comes first, the inputs in the order in which they were served: `orders` of `interpret`. */
  readonly orders: Readonly<Record<string, readonly number[]>>;
  /**
   * What the symbols of the program stood for, as far as counting the elements of its streams tells: totals of ragged
   * dimensions, and extents of regular ones. With them the metrics of `analyze` become numbers.
   */
  readonly measured: ReadonlyMap<string, number>;
  /** What the `output` nodes got, by id; in functional mode. */
  readonly outputs?: Results["outputs"];
  /** The tensors after all stores; in functional mode. */
  readonly tensors?: Results["tensors"];
}

/**
 * Runs `program` in time. In timing mode contents of tensors are not needed: counts, addresses and selectors come from the
 * sources. Loads and stores that meet at one tile are not put in order by time: a program must do so itself.
 *
 * A deadlock is part of the report, not an error.
 *
 * @throws {StepError} `stream-values`, `stream-malformed` or `value-shape` if inputs are missing or wrong, `program-invalid`
 *   if a placeholder is open, `too-much-work` if a functional run has too many values, or what an operator throws;
 *   {SimError} if an option is out of range.
 */
export function simulateProgram(
  program: Program,
  inputs: Pick<Inputs, "sources" | "tensors"> = {},
  options: SimulateProgramOptions = {},
): TimedResults {
  const { memory = hbmBurst(), depth = 1, depths = {}, mode = "timing", timeline, ...machine } = options;
  const sources = sourceStreams(program, inputs);
  const tensors = mode === "functional" ? tensorContents(program, inputs) : null;
  const { graph, tally, counts } = lower(program, { ...machine, memory, depth, depths, sources, tensors });
  const report = simulate(graph, timeline === undefined ? {} : { timeline });
  checkDrained(program, graph);
  return {
    report,
    offChipBytes: report.memories.reduce((sum, one) => sum + one.bytesRead + one.bytesWritten, 0),
    flops: tally.flops,
    orders: Object.fromEntries(tally.orders),
    measured: measureCounts(program, counts),
    ...(tensors === null ? {} : { outputs: outputsOf(tally), tensors: numbersOf(tensors) }),
  };
}

/** @throws {StepError} `stops-mismatch` if a node ended before one of its inputs did. */
function checkDrained(program: Program, { channels }: Graph): void {
  for (const { id, reader, pending } of channels) {
    if (reader?.finished && pending > 0)
      throw undrained(program.node(reader.id)?.operator.name ?? "node", reader.id, id);
  }
}

function outputsOf({ outputs }: Tally): Results["outputs"] {
  return Object.fromEntries([...outputs].map(([id, slots]) => [id, splitStops(slots)]));
}
