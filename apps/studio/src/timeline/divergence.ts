/** Where two recordings part: the first time at which some track shows something else. */
import type { TimelineTrack, TimelineView } from "../view/timeline.ts";

/** What a recording shows where it parts from another; undefined where it shows nothing more. */
export interface Parting {
  readonly time: number;
  /** In words: `busy until 120`, `tokens 3`. */
  readonly shows: string;
}

/** The first difference. */
export interface Divergence {
  readonly path: string;
  /** The earlier of the two times. */
  readonly time: number;
  readonly here: Parting | undefined;
  readonly there: Parting | undefined;
}

/** Two recordings, compared. */
export interface Compared {
  /** The first difference; undefined if all tracks that both have show the same. */
  readonly first: Divergence | undefined;
  /** How many of the tracks that both have differ. */
  readonly differing: number;
  readonly common: number;
  /** Paths that only one of the two has. */
  readonly onlyHere: readonly string[];
  readonly onlyThere: readonly string[];
}

/** Compares tracks of one path; of differences at one time, that of the track which stands first counts. */
export function compareTimelines(here: TimelineView, there: TimelineView): Compared {
  const others = new Map(there.tracks.map((track) => [track.path, track]));
  const onlyHere: string[] = [];
  let first: Divergence | undefined;
  let differing = 0;
  let common = 0;
  for (const track of here.tracks) {
    const other = others.get(track.path);
    if (other === undefined) {
      onlyHere.push(track.path);
      continue;
    }
    others.delete(track.path);
    common += 1;
    const parting = parts(here.names, track, there.names, other);
    if (parting === undefined) continue;
    differing += 1;
    if (first === undefined || parting.time < first.time) first = { path: track.path, ...parting };
  }
  return { first, differing, common, onlyHere, onlyThere: [...others.keys()] };
}

function parts(
  names: readonly string[],
  here: TimelineTrack,
  otherNames: readonly string[],
  there: TimelineTrack,
): Omit<Divergence, "path"> | undefined {
  const span = firstUnlike(here.spans.from.length, there.spans.from.length, (at) => {
    const [left, right] = [here.spans, there.spans];
    return (
      left.from[at] === right.from[at] &&
      left.until[at] === right.until[at] &&
      names[left.name[at]!] === otherNames[right.name[at]!]
    );
  });
  const value = firstUnlike(here.values.time.length, there.values.time.length, (at) => {
    const [left, right] = [here.values, there.values];
    return left.time[at] === right.time[at] && left.value[at] === right.value[at];
  });
  const found = [
    ...(span === undefined ? [] : [parting(spanText(names, here, span), spanText(otherNames, there, span))]),
    ...(value === undefined ? [] : [parting(valueText(here, value), valueText(there, value))]),
  ];
  return found.sort((a, b) => a.time - b.time)[0];
}

/** The first place at which two lists are not alike; undefined if they are alike to their ends. */
function firstUnlike(here: number, there: number, alike: (at: number) => boolean): number | undefined {
  const both = Math.min(here, there);
  for (let at = 0; at < both; at++) if (!alike(at)) return at;
  return here === there ? undefined : both;
}

function parting(here: Parting | undefined, there: Parting | undefined): Omit<Divergence, "path"> {
  const time = Math.min(here?.time ?? Number.POSITIVE_INFINITY, there?.time ?? Number.POSITIVE_INFINITY);
  return { time, here, there };
}

function spanText(names: readonly string[], { spans }: TimelineTrack, at: number): Parting | undefined {
  if (at >= spans.from.length) return undefined;
  return { time: spans.from[at]!, shows: `${names[spans.name[at]!]} until ${spans.until[at]}` };
}

function valueText({ values, unit }: TimelineTrack, at: number): Parting | undefined {
  if (at >= values.time.length) return undefined;
  return { time: values.time[at]!, shows: `${values.value[at]} ${unit ?? ""}`.trim() };
}
