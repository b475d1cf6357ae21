import type { CompiledProgram, ProgramRun } from "@millrace/fuseflow-sparse";

/** A model that ran. */
export interface SimulatedModel {
  readonly compiled: CompiledProgram;
  readonly run: ProgramRun;
  /** Name of the memory. */
  readonly memory: string;
  /** How its regions were chosen, to go on a line. */
  readonly note: string;
}
