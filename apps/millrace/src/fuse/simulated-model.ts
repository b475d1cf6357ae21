import type { CompiledProgram, ProgramRun } from "@millrace/fuseflow-sparse";
import type { MemoryName } from "../inputs/machine-memory.ts";

/** A model that ran. */
export interface SimulatedModel {
  readonly compiled: CompiledProgram;
  readonly run: ProgramRun;
  /** Name of the memory. */
  readonly memory: MemoryName;
  /** How its regions were chosen, to go on a line. */
  readonly note: string;
}
