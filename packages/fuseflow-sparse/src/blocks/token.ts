/**
 * Tokens of SAM streams as the engine carries them: a payload and a tag.
 *
 * Tag 0 is data (payload: coordinate, reference or value), tag n of at least 1 the stop S(n-1), which ends a fibre and
 * the n - 1 fibres around it. All other tags are below zero and have no payload.
 *
 * Source: Hsu et al., "The Sparse Abstract Machine", ASPLOS 2023, §3.
 */

/** A coordinate, reference or value. */
export const DATA = 0;
/** S0, the innermost stop; S(n) has the tag `STOP + n`. */
export const STOP = 1;
/** `D`, the end of a stream. */
export const DONE = -1;
/** `N`: nothing is stored here; a reference of a missing operand, read as value 0. */
export const EMPTY = -2;
/** `R`, one repetition; the `S` of a repeat signal is the tag `STOP`. */
export const REPEAT = -3;
/**
 * An empty fibre that takes a cycle of its own: profile `sam-sync` scans a missing reference to this token and a stop. It
 * stands for no coordinate: it passes through blocks as a token but is never repeated, summed or written. Printed as `N`.
 */
export const VOID = -4;

/** Whether a token stands for a place in a fibre: data, or a missing operand. */
export function isItem(tag: number): boolean {
  return tag === DATA || tag === EMPTY;
}

/** A token as text: the number, `S0`…, `D`, `N` or `R`. */
export function tokenText(payload: number, tag: number): string {
  if (tag === DATA) return String(payload);
  if (tag >= STOP) return `S${tag - STOP}`;
  if (tag === DONE) return "D";
  if (tag === REPEAT) return "R";
  return "N";
}

/** Reads a token as `tokenText` prints it; a bare `S`, as in repeat signals, is S0. `undefined` if it is none. */
export function parseToken(text: string): { readonly payload: number; readonly tag: number } | undefined {
  if (text === "D") return { payload: 0, tag: DONE };
  if (text === "N") return { payload: 0, tag: EMPTY };
  if (text === "R") return { payload: 0, tag: REPEAT };
  if (text === "S") return { payload: 0, tag: STOP };
  const stop = /^S(\d{1,4})$/.exec(text);
  if (stop !== null) return { payload: 0, tag: STOP + Number(stop[1]) };
  const payload = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(payload) ? undefined : { payload, tag: DATA };
}
