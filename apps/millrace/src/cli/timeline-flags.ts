/** Flags of every command that can write a timeline. */
import type { FlagParametersForType } from "@stricli/core";
import { type CycleWindow, parseWindow } from "./flags.ts";
import type { Invocation } from "./outcome.ts";

/** Where a timeline goes, and the cycles that it covers. */
export interface TimelineFlags {
  readonly timeline?: string | undefined;
  readonly window?: CycleWindow | undefined;
}

/** Definitions of {@link TimelineFlags}. */
export const timelineFlags: FlagParametersForType<TimelineFlags, Invocation> = {
  timeline: {
    kind: "parsed",
    parse: String,
    brief: "Write a timeline that Perfetto opens (1 cycle is shown as 1 ns)",
    placeholder: "FILE",
    optional: true,
  },
  window: {
    kind: "parsed",
    parse: parseWindow,
    brief: "Cycles that the timeline covers; all unless given",
    placeholder: "FROM:UNTIL",
    optional: true,
  },
};
