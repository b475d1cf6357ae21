/** What a track shows on each pixel of a window: work that grows with the width, not with the recording. */
import type { Spans, TimelineTrack } from "../view/timeline.ts";
import type { TimeWindow } from "./window.ts";

/** How many of the rising `times` are at most `time`. */
export function countUntil(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The span that covers a time, -1 if there is none. */
export function spanAt({ from, until }: Spans, time: number): number {
  const at = countUntil(from, time) - 1;
  return at >= 0 && until[at]! > time ? at : -1;
}

/**
 * Spans on pixels `[0, width)`: of spans narrower than a pixel, the one at the pixel's middle counts.
 * Calls `draw` with the span and the places of its edges.
 */
export function spansOnPixels(
  spans: Spans,
  { from, until }: TimeWindow,
  width: number,
  draw: (span: number, left: number, right: number) => void,
): void {
  const perPixel = (until - from) / width;
  for (let pixel = 0; pixel < width; ) {
    const middle = from + (pixel + 0.5) * perPixel;
    const at = countUntil(spans.from, middle) - 1;
    if (at >= 0 && spans.until[at]! > middle) {
      const right = Math.min(width, Math.max(pixel + 1, Math.round((spans.until[at]! - from) / perPixel)));
      draw(at, pixel, right);
      pixel = right;
      continue;
    }
    const next = spans.from[at + 1];
    if (next === undefined) return;
    pixel = Math.max(pixel + 1, Math.floor((next - from) / perPixel - 0.5));
  }
}

/** Most values that are looked at for one pixel. */
const LOOKED_AT = 64;

/** The largest value of a counter on each pixel; NaN before the first. */
export function valuesOnPixels(
  { time, value }: TimelineTrack["values"],
  { from, until }: TimeWindow,
  width: number,
): Float64Array {
  const largest = new Float64Array(width).fill(Number.NaN);
  const perPixel = (until - from) / width;
  let first = countUntil(time, from) - 1;
  for (let pixel = 0; pixel < width; pixel++) {
    const edge = from + (pixel + 1) * perPixel;
    const next = countUntil(time, edge) - 1;
    // What begins at the edge belongs to the next pixel.
    const last = next >= 0 && time[next] === edge ? next - 1 : next;
    const step = Math.max(1, Math.floor((last - first) / LOOKED_AT));
    let most = Number.NaN;
    for (let at = Math.max(0, first); at <= last; at += step) if (!(value[at]! <= most)) most = value[at]!;
    largest[pixel] = most;
    first = next;
  }
  return largest;
}
