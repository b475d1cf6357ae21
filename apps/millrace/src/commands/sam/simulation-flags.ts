/** Flags of the commands that simulate a graph. */

import type { TimingProfileName } from "@millrace/fuseflow-sparse";
import { TimelineRecorder } from "@millrace/sim-core";
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, integerFrom } from "../../cli/flags.ts";
import type { Invocation, Workplace } from "../../cli/outcome.ts";
import { type TimelineFlags, timelineFlags } from "../../cli/timeline-flags.ts";
import { presets } from "../../dram/presets.ts";
import { type MemoryName, machineMemory, parseMemory } from "../../inputs/machine-memory.ts";
import type { GraphRun, RunSettings } from "../../simulation/run-graph.ts";
import { formatCount } from "../../terminal/quantity.ts";

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
  const { profile = defaultProfile, memory, fifo, timeline, window } = flags;
  const settings = { profile, memory, memoryModel: machineMemory(place.host.folder, memory), fifo };
  return timeline === undefined ? settings : { ...settings, timeline: new TimelineRecorder(window ?? {}) };
}

/** Writes the timeline of a run to the file that the flags name, if they do. */
export function keepTimeline(run: GraphRun, flags: SimulationFlags, place: Workplace): void {
  const recorder = run.settings.timeline;
  if (recorder === undefined || flags.timeline === undefined) return;
  place.write(flags.timeline, recorder.encode());
  const cut = recorder.truncatedAt;
  const until =
    cut === null ? "" : `; too long from cycle ${formatCount(cut)} on: choose a stretch with --window FROM:UNTIL`;
  place.note(`timeline  ${flags.timeline}: open it at https://ui.perfetto.dev${until}`);
}
