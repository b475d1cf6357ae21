/** Where the time of a track went. */
import type { TimelineTrack, TimelineView } from "../view/timeline.ts";
import { countUntil } from "./on-pixels.ts";
import type { TimeWindow } from "./window.ts";

/** Time under one name. */
export interface NamedTime {
  readonly name: string;
  readonly time: number;
  readonly spans: number;
}

/** The time in a window under each name, the longest first, and ties by name. */
export function timeByName(
  { names }: Pick<TimelineView, "names">,
  { spans }: Pick<TimelineTrack, "spans">,
  { from, until }: TimeWindow,
): NamedTime[] {
  const times = new Map<number, { time: number; spans: number }>();
  const first = Math.max(0, countUntil(spans.from, from) - 1);
  for (let at = first; at < spans.from.length && spans.from[at]! < until; at++) {
    const time = Math.min(until, spans.until[at]!) - Math.max(from, spans.from[at]!);
    if (time <= 0) continue;
    const known = times.get(spans.name[at]!);
    if (known === undefined) times.set(spans.name[at]!, { time, spans: 1 });
    else {
      known.time += time;
      known.spans += 1;
    }
  }
  return [...times]
    .map(([name, sums]) => ({ name: names[name]!, ...sums }))
    .sort((a, b) => b.time - a.time || (a.name < b.name ? -1 : 1));
}
