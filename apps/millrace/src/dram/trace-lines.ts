/** A trace as lines in bytes: any number of them in the memory of a chunk and a line. */
import { MillraceError } from "../errors.ts";
import { LINE_FEED, LineFault, TraceLine } from "./trace-line.ts";

const LONGEST_LINE = 1024;
const NOTHING = new Uint8Array(0);

/**
 * Calls `take` with a cursor on each line that is not blank; it throws a {@link LineFault} for a wrong one, and
 * leaves the cursor at the end of a right one. `pause` is
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
  // Takes whole lines, the last of which may lack its line feed.
  const takeLines = (bytes: Uint8Array, from: number, end: number): void => {
    line.begin(bytes, from, end);
    let start = from;
    try {
      while (start < end) {
        number += 1;
        if (!line.blank()) take(line);
        // Past the line feed.
        line.at += 1;
        start = line.at;
      }
    } catch (error) {
      if (error instanceof LineFault) throw located(name, number, error.at - start + 1, error.message);
      throw error;
    }
  };
  for await (const chunk of chunks) {
    let start = 0;
    if (rest.length > 0) {
      start = chunk.indexOf(LINE_FEED) + 1;
      if (start === 0) rest = joined(rest, chunk);
      else {
        const first = joined(rest, chunk.subarray(0, start));
        rest = NOTHING;
        takeLines(first, 0, first.length);
      }
    }
    if (rest.length === 0) {
      const end = chunk.lastIndexOf(LINE_FEED) + 1;
      takeLines(chunk, start, end);
      rest = chunk.slice(Math.max(start, end));
    }
    if (rest.length > LONGEST_LINE) {
      throw located(name, number + 1, LONGEST_LINE + 1, `a line is at most ${LONGEST_LINE} characters long`);
    }
    pause();
  }
  takeLines(rest, 0, rest.length);
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
