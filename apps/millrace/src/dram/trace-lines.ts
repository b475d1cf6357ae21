/** A trace as lines in bytes: any number of them in the memory of a chunk and a line. */
import { MillraceError } from "../errors.ts";
import { LineFault, TraceLine } from "./trace-line.ts";

const LONGEST_LINE = 1024;
const LINE_FEED = 0x0a;
const NOTHING = new Uint8Array(0);

/**
 * Calls `take` with a cursor on each line that is not blank; it throws a {@link LineFault} for a wrong one. `pause` is
 * called after each chunk.
 *
 * @throws {MillraceError} `trace-line` with file, line and column
 */
export async function eachLine(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  take: (line: TraceLine) => void,
  pause: () => void = () => {},
): Promise<void> {
  const line = new TraceLine();
  let number = 0;
  let rest: Uint8Array = NOTHING;
  const takeLine = (bytes: Uint8Array, start: number, end: number): void => {
    number += 1;
    line.begin(bytes, start, end);
    if (line.blank()) return;
    try {
      take(line);
    } catch (error) {
      if (error instanceof LineFault) throw located(name, number, error.at - start + 1, error.message);
      throw error;
    }
  };
  for await (const chunk of chunks) {
    let start = 0;
    if (rest.length > 0) {
      start = lineEnd(chunk, 0) + 1;
      const line = joined(rest, chunk.subarray(0, start));
      rest = line;
      if (start <= chunk.length) {
        takeLine(line, 0, line.length - 1);
        rest = NOTHING;
      }
    }
    for (let end = lineEnd(chunk, start); end < chunk.length; end = lineEnd(chunk, start)) {
      takeLine(chunk, start, end);
      start = end + 1;
    }
    if (start < chunk.length) rest = chunk.slice(start);
    if (rest.length > LONGEST_LINE) {
      throw located(name, number + 1, LONGEST_LINE + 1, `a line is at most ${LONGEST_LINE} characters long`);
    }
    pause();
  }
  if (rest.length > 0) takeLine(rest, 0, rest.length);
}

/** Place of the first line feed from `from` on, or the length. Lines are short: a loop takes less time than a call. */
function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== LINE_FEED) at += 1;
  return at;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function located(name: string, line: number, column: number, message: string): MillraceError {
  const file = name === "-" ? "<stdin>" : name;
  return new MillraceError("trace-line", `${file}:${line}:${column}: ${message}`, { place: { file, line, column } });
}
