/** Which tracks are shown: those under a folded one are not. */
import type { TimelineTrack } from "../view/timeline.ts";

/** The numbers of the shown tracks, in order. */
export function shownTracks(tracks: readonly TimelineTrack[], folded: ReadonlySet<string>, words: string): number[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown: number[] = [];
  for (let at = 0; at < tracks.length; at++) {
    const track = tracks[at]!;
    if (wanted.length > 0) {
      const path = track.path.toLowerCase();
      if (wanted.every((word) => path.includes(word))) shown.push(at);
      continue;
    }
    shown.push(at);
    if (folded.has(track.path)) at += track.under;
  }
  return shown;
}

/** Folded paths as the address remembers them, one to a line. */
export function parseFolded(text: string): ReadonlySet<string> {
  return new Set(text.split("\n").filter(Boolean));
}

/** The text of the folded paths after `path` was folded or unfolded. */
export function toggled(folded: ReadonlySet<string>, path: string): string {
  const next = new Set(folded);
  if (!next.delete(path)) next.add(path);
  return [...next].sort().join("\n");
}
