import { TensorError, type TensorErrorCode } from "../errors.ts";

/** A place in a text: line and column from 1, the column counted in bytes. */
export interface TextPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A fault of a text file, shown as `file:line:column: message`. */
export function textFault(code: TensorErrorCode, place: TextPlace, message: string): TensorError {
  return new TensorError(code, `${place.file}:${place.line}:${place.column}: ${message}`, { place });
}

/** A fault of a binary file, shown as `file: at byte offset: message`. */
export function byteFault(
  code: TensorErrorCode,
  place: { readonly file: string; readonly offset: number },
  message: string,
): TensorError {
  return new TensorError(code, `${place.file}: at byte ${place.offset}: ${message}`, { place });
}

const LONGEST_QUOTE = 40;
const NEWLINE = 10;

/** File text as an error message may show it: quoted, escaped and cut short. */
export function quote(text: string): string {
  const cut = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return JSON.stringify(cut);
}

/** The word (up to the next blank) at `position`, as an error message may show it. */
export function quoteWord(bytes: Uint8Array, position: number): string {
  if (position >= bytes.length || bytes[position] === NEWLINE) return "the end of the line";
  let end = position + 1;
  while (end < bytes.length && bytes[end]! > 32 && end - position <= LONGEST_QUOTE) end++;
  return quote(latin1(bytes, position, end));
}

/** Bytes as text, one character each, so that columns stay byte columns. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let from = start; from < end; from += 4096) {
    text += String.fromCharCode(...bytes.subarray(from, Math.min(end, from + 4096)));
  }
  return text;
}
