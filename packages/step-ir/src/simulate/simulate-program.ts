/** The timed meaning of a program: cycles, traffic, and where the time went. */
import { hbmBurst, type MemoryModel, type SimulationReport, simulate, type TimelineRecorder } from "@millrace/sim-core";
import { type Inputs, sourceStreams } from "../interpret/interpret.ts";
import type { Program } from "../program/program.ts";
import { lower } from "./lower.ts";
import type { MachineOptions } from "./machine.ts";

/** The machine that runs a program. */
export interface SimulateProgramOptions extends MachineOptions {
  /** Off-chip memory; the burst memory of the paper unless given. */
  readonly memory?: MemoryModel;
  /** Slots of every channel; 1 unless given. */
  readonly depth?: number;
  /** Slots of the channels that a node writes, by its id. */
  readonly depths?: Readonly<Record<string, number>>;
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
  /** For each merge, the inputs in the order in which they were served: `interpret` takes it as `orders`. */
  readonly orders: Readonly<Record<string, readonly number[]>>;
}

/**
 * Runs `program` in time. Contents of tensors are not needed: counts, addresses and selectors come from the sources.
 *
 * A deadlock is part of the report, not an error.
 *
 * @throws {StepError} `stream-values`, `stream-malformed` or `value-shape` if sources are missing or wrong, `program-invalid`
 *   if a placeholder is open, or what an operator throws; {SimError} if an option is out of range.
 */
export function simulateProgram(
  program: Program,
  inputs: Pick<Inputs, "sources"> = {},
  options: SimulateProgramOptions = {},
): TimedResults {
  const { memory = hbmBurst(), depth = 1, depths = {}, timeline, ...machine } = options;
  const sources = sourceStreams(program, inputs);
  const { graph, tally } = lower(program, { ...machine, memory, depth, depths, sources });
  const report = simulate(graph, timeline === undefined ? {} : { timeline });
  const offChipBytes = report.memories.reduce((sum, one) => sum + one.bytesRead + one.bytesWritten, 0);
  return { report, offChipBytes, flops: tally.flops, orders: Object.fromEntries(tally.orders) };
}
