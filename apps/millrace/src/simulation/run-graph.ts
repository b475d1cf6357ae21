/** One simulation of a SAM graph: settings in, result with its settings out. */
import { type SamCounts, type SamGraph, simulateSam, type TimingProfileName } from "@millrace/fuseflow-sparse";
import type { MemoryModel, SimulationReport, TimelineRecorder } from "@millrace/sim-core";
import type { Tensor } from "@millrace/tensor";

/** The machine a graph runs on. */
export interface RunSettings {
  readonly profile: TimingProfileName;
  /** Name of the memory, and its model if that is not one of those that graphs know by name. */
  readonly memory: string;
  readonly memoryModel?: "none" | "hbm-burst" | MemoryModel | undefined;
  /** Tokens a queue holds; unbounded if not given. */
  readonly fifo?: number | undefined;
  /** Told of all that happens, where a timeline is wanted. */
  readonly timeline?: TimelineRecorder | undefined;
}

/** A simulation that has ended, by itself or in a deadlock. */
export interface GraphRun {
  readonly graph: SamGraph;
  readonly settings: RunSettings;
  readonly report: SimulationReport;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly counts: SamCounts;
}

/**
 * Simulates a graph on operands stored as it reads them.
 *
 * @throws {FuseflowError} for operands and graphs that do not fit together
 */
export function runGraph(graph: SamGraph, operands: Readonly<Record<string, Tensor>>, settings: RunSettings): GraphRun {
  const { profile, memoryModel = "none", fifo, timeline } = settings;
  const { report, outputs, counts } = simulateSam(graph, operands, {
    profile,
    memory: memoryModel,
    ...(fifo === undefined ? {} : { fifo }),
    ...(timeline === undefined ? {} : { timeline }),
  });
  return { graph, settings, report, outputs, counts };
}
