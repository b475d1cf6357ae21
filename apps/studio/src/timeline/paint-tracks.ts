/** Draws rows of a timeline on a canvas. */
import { type Inks, seriesNames } from "../chart/inks.ts";
import type { TimelineTrack, TimelineView } from "../view/timeline.ts";
import { countUntil, spansOnPixels, valuesOnPixels } from "./on-pixels.ts";
import type { TimeWindow } from "./window.ts";

/** Height of a row, the gap below it included. */
export const ROW_PIXELS = 22;
const GAP = 3;
/** Spans at least this wide carry their names. */
const NAMED_FROM = 46;

/** What is drawn. */
export interface PaintedRows {
  readonly timeline: TimelineView;
  /** Numbers of the tracks, from the top. */
  readonly rows: readonly number[];
  readonly window: TimeWindow;
  readonly width: number;
  readonly inks: Inks;
}

/** The colour of a name: states of nodes have theirs, other names one by their first word. */
export function inkOf(name: string): string {
  const [word = ""] = name.split(/[:\s]/, 1);
  if (word === "busy" || word === "starved" || word === "blocked") return `--${word}`;
  let hash = 0;
  for (const letter of word) hash = (hash * 31 + letter.codePointAt(0)!) % 65521;
  return seriesNames[hash % seriesNames.length]!;
}

/** Draws the rows from the canvas's upper edge downwards. */
export function paintRows(context: CanvasRenderingContext2D, painted: PaintedRows): void {
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  const colors = painted.timeline.names.map((name) => painted.inks.get(inkOf(name))!);
  for (const [row, at] of painted.rows.entries()) {
    const track = painted.timeline.tracks[at]!;
    const top = row * ROW_PIXELS;
    if (track.unit !== undefined) paintCounter(context, track, top, painted);
    else {
      paintSpans(context, { track, top, colors }, painted);
      paintInstants(context, track, top, painted);
    }
  }
}

interface SpanRow {
  readonly track: TimelineTrack;
  readonly top: number;
  /** By name. */
  readonly colors: readonly string[];
}

function paintSpans(
  context: CanvasRenderingContext2D,
  { track, top, colors }: SpanRow,
  { timeline, window, width, inks }: PaintedRows,
): void {
  const { spans } = track;
  spansOnPixels(spans, window, width, (span, left, right) => {
    const name = spans.name[span]!;
    context.fillStyle = colors[name]!;
    // A hair between wide neighbours of one colour.
    context.fillRect(left, top, right - left > 3 ? right - left - 0.5 : right - left, ROW_PIXELS - GAP);
    if (right - left < NAMED_FROM) return;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left - 2, ROW_PIXELS);
    context.clip();
    context.fillStyle = inks.get("--ground")!;
    context.fillText(timeline.names[name]!, left + 4, top + (ROW_PIXELS - GAP) / 2);
    context.restore();
  });
}

function paintInstants(
  context: CanvasRenderingContext2D,
  { instants }: TimelineTrack,
  top: number,
  { window, width, inks }: PaintedRows,
): void {
  const perPixel = (window.until - window.from) / width;
  context.fillStyle = inks.get("--ink")!;
  let at = countUntil(instants.time, window.from - 1);
  for (let drawn = -2; at < instants.time.length && instants.time[at]! <= window.until; at++) {
    const x = Math.round((instants.time[at]! - window.from) / perPixel);
    if (x < drawn + 2) {
      // Further instants on a pixel that has its mark are jumped over.
      at = countUntil(instants.time, window.from + (drawn + 2) * perPixel) - 1;
      continue;
    }
    context.fillRect(x, top, 1, 5);
    drawn = x;
  }
}

function paintCounter(
  context: CanvasRenderingContext2D,
  { values }: TimelineTrack,
  top: number,
  { window, width, inks }: PaintedRows,
): void {
  const largest = valuesOnPixels(values, window, width);
  let most = 0;
  for (const value of largest) if (value > most) most = value;
  if (most === 0) return;
  context.fillStyle = inks.get("--accent")!;
  const tall = ROW_PIXELS - GAP;
  for (let pixel = 0; pixel < width; pixel++) {
    const high = (largest[pixel]! / most) * tall;
    if (high > 0) context.fillRect(pixel, top + tall - high, 1, high);
  }
}
