/** Flags of the commands that simulate a graph. */

import type { TimingProfileName } from "@millrace/fuseflow-sparse";
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, integerFrom } from "../../cli/flags.ts";
import type { Invocation, Workplace } from "../../cli/outcome.ts";
import { recorderOf, type TimelineFlags, timelineFlags } from "../../cli/timeline-flags.ts";
import { presets } from "../../dram/presets.ts";
import { type MemoryName, machineMemory, parseMemory } from "../../inputs/machine-memory.ts";
import type { RunSettings } from "../../simulation/run-graph.ts";

/** What says on which operands and on which machine a graph runs. */
export interface SimulationFlags extends TimelineFlags {
  readonly input?: readonly Binding[] | undefined;
  readonly profile?: TimingProfileName | undefined;
  readonly memory: MemoryName;
  readonly fifo?: number | undefined;
}

/** Definitions of {@link SimulationFlags}. */
export const simulationFlags: FlagParametersForType<SimulationFlags, Invocation> = {
  input: {
    kind: "parsed",
    parse: bindingLike("B=B.mtx"),
    brief: "Operand: a tensor file, a number, or random:64x32:0.05",
    placeholder: "NAME=VALUE",
    variadic: true,
    optional: true,
  },
  profile: {
    kind: "enum",
    values: ["sam-sync", "comal"],
    brief: "Clock rules; comal unless given (sam-sync for recorded cases)",
    optional: true,
  },
  memory: {
    kind: "parsed",
    parse: parseMemory,
    brief: "Model of the memory: none, hbm-burst, dram:PRESET or dram:FILE.yaml",
    placeholder: "MEMORY",
    default: "none",
    proposeCompletions: () => ["none", "hbm-burst", ...new Set(presets.map(({ name }) => `dram:${name}`))],
  },
  fifo: {
    kind: "parsed",
    parse: integerFrom(1, 1_000_000_000),
    brief: "Tokens a queue holds before its producer waits; unbounded unless given",
    placeholder: "N",
    optional: true,
  },
  ...timelineFlags,
};

/** The machine that the flags ask for, with a recorder if they want a timeline. */
export function settingsOf(
  flags: SimulationFlags,
  place: Workplace,
  defaultProfile: TimingProfileName = "comal",
): RunSettings {
  const { profile = defaultProfile, memory, fifo } = flags;
  const settings = { profile, memory, memoryModel: machineMemory(place.host.folder, memory), fifo };
  return { ...settings, timeline: recorderOf(flags) };
}
