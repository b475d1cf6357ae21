/** The memory of a timed machine, by name. */
import { defaultMemory, type Machine } from "@millrace/ember-dae";
import { dramMemory, hbmBurst, type MemoryModel, tickPicoseconds } from "@millrace/sim-core";
import { loadSetup } from "../dram/load-setup.ts";
import { MillraceError } from "../errors.ts";

/** `ideal`, `hbm-burst`, or `dram:` and a preset or a file. */
export type TimingMemoryName = "ideal" | "hbm-burst" | `dram:${string}`;

/** Parses the name of a memory. */
export function parseTimingMemory(text: string): TimingMemoryName {
  if (text === "ideal" || text === "hbm-burst") return text;
  if (text.startsWith("dram:") && text.length > 5) return text as TimingMemoryName;
  throw new MillraceError("argument", `must be ideal, hbm-burst or dram:PRESET, not "${text}"`, {
    help: "millrace dram presets lists the presets; a file is dram:FILE.yaml",
  });
}

/** The model that a name stands for; ticks of a DRAM take their real time in cycles of the machine. */
export function timingMemory(folder: string, name: TimingMemoryName, machine: Machine): MemoryModel | undefined {
  if (machine.kind !== "dae") {
    if (name === "ideal") return undefined;
    throw new MillraceError("argument", `a ${machine.kind} has its memory in its own figures, not ${name}`, {
      help: "--memory is for decoupled machines; change memoryNanoseconds in a machine file instead",
    });
  }
  if (name === "ideal") return defaultMemory(machine);
  if (name === "hbm-burst") return hbmBurst();
  const { configuration } = loadSetup(folder, name.slice(5), undefined);
  const cycles = Math.max(1, Math.round(tickPicoseconds(configuration.spec) * machine.clockGigahertz));
  return dramMemory(configuration, { ratio: { ticks: 1000, cycles } });
}
