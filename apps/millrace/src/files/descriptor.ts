/** Blocking writes to a file descriptor: in order, complete, from any thread. */
import { writeSync } from "node:fs";

const retry = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/**
 * Writes all of `text`, waiting where a pipe is full.
 *
 * @throws the file system's error; `EPIPE` when nobody reads any more
 */
export function writeFully(descriptor: number, text: string): void {
  let rest: Uint8Array = new TextEncoder().encode(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // A pipe that the parent made non-blocking refuses while it is full; wait a millisecond for its reader.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(retry, 0, 0, 1);
    }
  }
}
