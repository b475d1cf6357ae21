/** Flags of the machine that runs a program. */
import { hbmBurst, idealMemory, type MemoryModel, type TimelineRecorder } from "@millrace/sim-core";
import type { Quirks } from "@millrace/step-ir";
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingTable, integerFrom } from "../../cli/flags.ts";
import type { Invocation, Workplace } from "../../cli/outcome.ts";
import { recorderOf, type TimelineFlags, timelineFlags } from "../../cli/timeline-flags.ts";
import { presets } from "../../dram/presets.ts";
import { MillraceError } from "../../errors.ts";
import { type MemoryName, machineMemory } from "../../inputs/machine-memory.ts";
import { dottedBinding } from "./input-flags.ts";

/** What says on which machine a program runs. */
export interface MachineFlags extends TimelineFlags {
  readonly memory: StepMemory;
  readonly depth?: number | undefined;
  readonly quirk?: readonly Binding[] | undefined;
}

/** What stands for a memory on the command line. */
export type StepMemory = "hbm-burst" | "ideal" | `dram:${string}`;

/** Definitions of {@link MachineFlags}. */
export const machineFlags: FlagParametersForType<MachineFlags, Invocation> = {
  memory: {
    kind: "parsed",
    parse: parseStepMemory,
    brief: "Off-chip memory: hbm-burst, ideal, dram:PRESET or dram:FILE.yaml",
    placeholder: "MEMORY",
    default: "hbm-burst",
    proposeCompletions: () => ["hbm-burst", "ideal", ...new Set(presets.map(({ name }) => `dram:${name}`))],
  },
  depth: {
    kind: "parsed",
    parse: integerFrom(1, 2 ** 24),
    brief: "Slots of every channel",
    placeholder: "N",
    optional: true,
  },
  quirk: {
    kind: "parsed",
    parse: dottedBinding("loads=two-tiles"),
    brief: "A habit of the published simulator to change, see below",
    placeholder: "NAME=WAY",
    variadic: true,
    optional: true,
  },
  ...timelineFlags,
};

/** What the help says about quirks. */
export const quirkHelp =
  "Quirks and their ways, the published one first: routed-tiles=register|memory, loads=one-tile|two-tiles,\nreassemble=selector|arrival, start-up=every-burst|first-burst, spread=triangular|round-robin.";

function parseStepMemory(text: string): StepMemory {
  if (text === "hbm-burst" || text === "ideal") return text;
  if (text === "dram") return "dram:hbm2-2000";
  if (text.startsWith("dram:") && text.length > 5) return text as StepMemory;
  throw new MillraceError("argument", `must be hbm-burst, ideal or dram:PRESET, not "${text}"`, {
    help: "millrace dram presets lists the presets; a file is dram:FILE.yaml",
  });
}

const ways = {
  "routed-tiles": ["register", "memory"],
  loads: ["one-tile", "two-tiles"],
  reassemble: ["selector", "arrival"],
  "start-up": ["every-burst", "first-burst"],
  spread: ["triangular", "round-robin"],
} as const;

/** The machine that the flags ask for. */
export interface ChosenMachine {
  readonly memory: MemoryModel;
  readonly quirks: Partial<Quirks>;
  readonly timeline?: TimelineRecorder;
  readonly depth?: number;
}

/** @throws {MillraceError} `argument` for a quirk that there is not, or as `machineMemory` */
export function machineOf(flags: MachineFlags, place: Workplace): ChosenMachine {
  const chosen = Object.fromEntries(bindingTable("--quirk", flags.quirk ?? []));
  for (const [name, way] of Object.entries(chosen)) {
    const known: readonly string[] | undefined = ways[name as keyof typeof ways];
    if (known === undefined) {
      throw new MillraceError("argument", `--quirk: there is no quirk '${name}'`, {
        help: `there are ${Object.keys(ways).join(", ")}`,
      });
    }
    if (!known.includes(way)) {
      throw new MillraceError("argument", `--quirk: ${name} is ${known.join(" or ")}, not "${way}"`);
    }
  }
  const { "routed-tiles": routedTiles, loads, reassemble, "start-up": startUp, spread } = chosen;
  const given = { routedTiles, loads, reassemble };
  const quirks = Object.fromEntries(Object.entries(given).filter(([, way]) => way !== undefined)) as Partial<Quirks>;
  const burst = Object.fromEntries(Object.entries({ startUp, spread }).filter(([, way]) => way !== undefined));
  const timeline = recorderOf(flags);
  return {
    memory: memoryOf(flags.memory, burst, place),
    quirks,
    ...(timeline === undefined ? {} : { timeline }),
    ...(flags.depth === undefined ? {} : { depth: flags.depth }),
  };
}

function memoryOf(name: StepMemory, burst: Parameters<typeof hbmBurst>[0], place: Workplace): MemoryModel {
  if (name === "hbm-burst") return hbmBurst(burst);
  if (name === "ideal") return idealMemory({ latencyCycles: 16, bytesPerCycle: 1024 });
  return machineMemory(place.host.folder, name as MemoryName) as MemoryModel;
}
