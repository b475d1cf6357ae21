const PIECE = 2 ** 16;

/** Lines (each with its newline) as UTF-8 in pieces of about 64 KiB. */
export function* encodeLines(lines: Iterable<string>): Generator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  let text = "";
  for (const line of lines) {
    text += line;
    if (text.length < PIECE) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}

/** The shortest decimal that reads back as the same number; `nan`, `inf` and `-inf` for the others. */
export function formatNumber(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

/** Remarks as comment lines, whatever newlines they hold. */
export function commentLines(mark: string, comments: readonly string[]): string[] {
  return comments.flatMap((comment) => comment.split(/\r\n|\r|\n/)).map((line) => `${mark} ${line}\n`);
}
