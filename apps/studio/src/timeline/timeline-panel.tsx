/** A timeline: tracks in a tree, with zoom and pan; where the time of one went; and where another recording parts from it. */
import { useMemo } from "preact/hooks";
import type { PanelProps } from "../panel.ts";
import { useRemembered } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import { useSibling, useSiblings } from "../shell/siblings.ts";
import { readTimelineView, type TimelineView } from "../view/timeline.ts";
import { ChosenTrack } from "./chosen-track.tsx";
import { DivergenceReport } from "./divergence-report.tsx";
import { parseFolded, shownTracks, toggled } from "./rows.ts";
import { TimelineTools } from "./timeline-tools.tsx";
import { TrackField } from "./track-field.tsx";
import { useWindow } from "./use-window.ts";
import "../chart/chart.css";
import "./timeline.css";

/** The panel of views of the kind `timeline`. */
export function TimelinePanel({ document: timeline, title }: PanelProps<TimelineView>) {
  const [foldedText, setFolded] = useRemembered("folded", "");
  const [words, setWords] = useRemembered("find", "");
  const [chosenPath, choose] = useRemembered("select", "");
  const [otherKey, setOther] = useRemembered("with", "");
  const movable = useWindow(timeline.end);
  const siblings = useSiblings();
  const other = useSibling(
    siblings.find(({ key }) => key === otherKey),
    readTimelineView,
  );
  const folded = useMemo(() => parseFolded(foldedText), [foldedText]);
  const rows = useMemo(() => shownTracks(timeline.tracks, folded, words), [timeline, folded, words]);
  const chosen = timeline.tracks.find(({ path }) => path === chosenPath);
  const fold = (path: string) => setFolded(toggled(folded, path));
  const step = (by: number) => () => {
    const at = rows.findIndex((row) => timeline.tracks[row]!.path === chosenPath);
    const next = rows[at < 0 ? 0 : at + by];
    if (next !== undefined) choose(timeline.tracks[next]!.path);
  };
  useKeys("Timeline", [
    { key: "w", does: "zoom in", run: () => movable.zoom(1 / 1.5) },
    { key: "s", does: "zoom out", run: () => movable.zoom(1.5) },
    { key: "a", does: "earlier", run: () => movable.move(-0.25) },
    { key: "d", does: "later", run: () => movable.move(0.25) },
    { key: "0", does: "the whole recording", run: () => movable.show({ from: 0, until: timeline.end }) },
    { key: "ArrowDown", does: "choose the next track", run: step(1) },
    { key: "ArrowUp", does: "choose the track before", run: step(-1) },
    { key: "Enter", does: "fold or unfold the chosen track", run: () => chosen?.under && fold(chosen.path) },
  ]);
  return (
    <div class="timeline">
      <TimelineTools {...{ timeline, title, words, setWords, siblings, otherKey, setOther, movable }} />
      {other?.state === "failed" && <p class="notice fault">{other.reason}</p>}
      {other?.state === "here" && (
        <DivergenceReport here={timeline} there={other.value} show={movable.show} choose={choose} />
      )}
      <TrackField {...{ timeline, rows, folded, fold, chosen: chosenPath, choose, movable }} label={title} />
      {chosen !== undefined && <ChosenTrack timeline={timeline} track={chosen} window={movable.window} />}
    </div>
  );
}
