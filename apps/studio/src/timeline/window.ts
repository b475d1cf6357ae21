/** The part of a timeline that is shown. */

/** From one time to a later one. */
export interface TimeWindow {
  readonly from: number;
  readonly until: number;
}

/** The narrowest window, in units of time. */
const NARROWEST = 4;

/** The window moved into the recording, and not narrower than can be read. */
export function fitted({ from, until }: TimeWindow, end: number): TimeWindow {
  const whole = Math.max(end, NARROWEST);
  const length = Math.min(whole, Math.max(NARROWEST, until - from));
  const start = Math.max(0, Math.min(whole - length, from));
  return { from: start, until: start + length };
}

/** The window `factor` times as long, with `time` where it was. */
export function zoomed({ from, until }: TimeWindow, factor: number, time: number): TimeWindow {
  return { from: time - (time - from) * factor, until: time + (until - time) * factor };
}

/** The window moved by a share of its length. */
export function moved({ from, until }: TimeWindow, share: number): TimeWindow {
  const by = (until - from) * share;
  return { from: from + by, until: until + by };
}

/** Reads `1200-3400`; anything else is the whole recording. */
export function parseWindow(text: string, end: number): TimeWindow {
  const [, from, until] = /^(\d{1,15}(?:\.\d+)?)-(\d{1,15}(?:\.\d+)?)$/.exec(text) ?? [];
  return fitted({ from: Number(from ?? 0), until: Number(until ?? end) }, end);
}

/** The text of a window; empty for the whole recording. */
export function printWindow({ from, until }: TimeWindow, end: number): string {
  if (from <= 0 && until >= end) return "";
  return `${Number(from.toFixed(2))}-${Number(until.toFixed(2))}`;
}
