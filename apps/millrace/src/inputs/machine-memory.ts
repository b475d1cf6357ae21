/** The memory of a simulated machine, by name. */
import { dramMemory, type MemoryModel } from "@millrace/sim-core";
import { loadSetup } from "../dram/load-setup.ts";
import { MillraceError } from "../errors.ts";

/** What stands for a memory on the command line: `none`, `hbm-burst`, or `dram:` and a preset or a file. */
export type MemoryName = "none" | "hbm-burst" | `dram:${string}`;

/** Parses the name of a memory. */
export function parseMemory(text: string): MemoryName {
  if (text === "none" || text === "hbm-burst") return text;
  if (text.startsWith("dram:") && text.length > 5) return text as MemoryName;
  throw new MillraceError("argument", `must be none, hbm-burst or dram:PRESET, not "${text}"`, {
    help: "millrace dram presets lists the presets; a file is dram:FILE.yaml",
  });
}

/**
 * The model that a name stands for, files named from `folder`; `clock_ratio` of a file says how many cycles of the machine
 * (the frontend) go with how many ticks of the memory.
 *
 * @throws {MillraceError} and {DiagnosticError} as `loadSetup`
 */
export function machineMemory(folder: string, name: MemoryName): "none" | "hbm-burst" | MemoryModel {
  if (name === "none" || name === "hbm-burst") return name;
  const { configuration, ratio } = loadSetup(folder, name.slice(5), undefined);
  return dramMemory(configuration, { ratio: { ticks: ratio.memory, cycles: ratio.frontend } });
}
