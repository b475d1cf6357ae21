const NEWLINE = 10;
const RETURN = 13;

/**
 * A text of any line ending as one whose lines end with a line feed: a carriage return alone becomes one, and before a line
 * feed it stays, as a blank. Chunks without such a return are handed on as they are.
 */
export async function* withLineFeeds(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  // A return that ends a chunk waits for the next byte to say what it is.
  let waiting = false;
  for await (const chunk of chunks) {
    if (waiting) yield Uint8Array.of(chunk[0] === NEWLINE ? RETURN : NEWLINE);
    waiting = chunk[chunk.length - 1] === RETURN;
    const settled = waiting ? chunk.subarray(0, -1) : chunk;
    if (settled.length > 0) yield replaceLoneReturns(settled);
  }
  if (waiting) yield Uint8Array.of(NEWLINE);
}

function replaceLoneReturns(bytes: Uint8Array): Uint8Array {
  let replaced = bytes;
  for (let at = bytes.indexOf(RETURN); at >= 0; at = bytes.indexOf(RETURN, at + 1)) {
    if (bytes[at + 1] === NEWLINE) continue;
    // The chunk belongs to whoever made it.
    if (replaced === bytes) replaced = bytes.slice();
    replaced[at] = NEWLINE;
  }
  return replaced;
}
