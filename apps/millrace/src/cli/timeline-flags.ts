/** Flags of every command that can write a timeline, and what becomes of it. */
import { TimelineRecorder } from "@millrace/sim-core";
import type { FlagParametersForType } from "@stricli/core";
import { formatCount } from "../terminal/quantity.ts";
import { type CycleWindow, parseWindow } from "./flags.ts";
import type { Invocation, Workplace } from "./outcome.ts";

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

/** A recorder, if the flags ask for a timeline. */
export function recorderOf({ timeline, window }: TimelineFlags): TimelineRecorder | undefined {
  return timeline === undefined ? undefined : new TimelineRecorder(window ?? {});
}

/** Writes a recorded timeline to the file that the flags name, and into the run folder if there is one. */
export function keepTimeline(
  recorded: Pick<TimelineRecorder, "encode" | "truncatedAt"> | undefined,
  { timeline: file }: TimelineFlags,
  place: Workplace,
): void {
  if (recorded === undefined || file === undefined) return;
  const trace = recorded.encode();
  place.write(file, trace);
  place.kept?.view("timeline", "Timeline", trace);
  const cut = recorded.truncatedAt;
  const until =
    cut === null ? "" : `; too long from cycle ${formatCount(cut)} on: choose a stretch with --window FROM:UNTIL`;
  place.note(`timeline  ${file}: open it at https://ui.perfetto.dev${until}`);
}
