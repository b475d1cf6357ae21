/** What every experiment takes and gives. */
import type { MemoryModel, SimulationReport, TimelineRecorder } from "@millrace/sim-core";
import { analyze } from "../analysis/analyze.ts";
import type { Inputs } from "../interpret/interpret.ts";
import type { Program } from "../program/program.ts";
import type { Quirks } from "../simulate/quirks.ts";
import { simulateProgram } from "../simulate/simulate-program.ts";
import { measuredValue } from "../simulate/stream-count.ts";

/**
 * `published`: as the published figures were made, with different machines for different designs; `equal`: the same
 * machine for all designs.
 */
export type Settings = "published" | "equal";

/** The machine of an experiment; what is left out follows from the settings. */
export interface MachineChoice {
  readonly settings?: Settings;
  /** Operations per cycle of each node that computes. */
  readonly bandwidth?: number;
  readonly memory?: MemoryModel;
  /** Slots of every channel. */
  readonly depth?: number;
  readonly quirks?: Partial<Quirks>;
  readonly timeline?: TimelineRecorder;
}

/** What an experiment measured. */
export interface ExperimentResult {
  readonly cycles: number;
  /** Bytes moved to and from memory, by the formula of the published program. */
  readonly offChipBytes: number | null;
  /** Bytes held on chip, by the same: of all nodes, and of those that saw anything. */
  readonly onChipBytes: { readonly allocated: number | null; readonly onDemand: number | null };
  /** Floating-point operations, by the rule of the settings. */
  readonly flops: number;
  /** Operations per cycle of all nodes that compute. */
  readonly allocatedFlopsPerCycle: number;
  /** `flops` by what the nodes could have done in that time. */
  readonly computeUtilization: number;
  /** Bytes of the bursts that the memory served. */
  readonly trafficBytes: number;
  /** Requests that the memory served. */
  readonly requests: number;
  readonly report: SimulationReport;
}

/** Runs a program as the published ones were: with f32 that takes two bytes on the way. */
export function runExperiment(
  program: Program,
  sources: NonNullable<Inputs["sources"]>,
  machine: MachineChoice & { readonly flops?: number },
): ExperimentResult {
  const { memory, depth = 1, quirks, timeline } = machine;
  const run = simulateProgram(
    program,
    { sources },
    {
      depth,
      bytesPerF32: 2,
      ...(memory === undefined ? {} : { memory }),
      ...(quirks === undefined ? {} : { quirks }),
      ...(timeline === undefined ? {} : { timeline }),
    },
  );
  const count = (way: "allocated" | "on-demand") =>
    analyze(program, { profile: "artifact", loadBytesPerF32: 2, count: way });
  const allocated = count("allocated");
  const { report, measured, offChipBytes: trafficBytes } = run;
  const flops = machine.flops ?? run.flops;
  const possible = allocated.computeBandwidth * report.cycles;
  return {
    cycles: report.cycles,
    offChipBytes: measuredValue(allocated.offChipBytes, measured) ?? null,
    onChipBytes: {
      allocated: measuredValue(allocated.onChipBytes, measured) ?? null,
      onDemand: measuredValue(count("on-demand").onChipBytes, measured) ?? null,
    },
    flops,
    allocatedFlopsPerCycle: allocated.computeBandwidth,
    computeUtilization: possible === 0 ? 0 : flops / possible,
    trafficBytes,
    requests: report.memories.reduce((sum, one) => sum + one.requests, 0),
    report,
  };
}
