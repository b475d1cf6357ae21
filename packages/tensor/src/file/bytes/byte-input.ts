import { TensorError } from "../../errors.ts";

/** Anything bytes come from: all at once, or in chunks of any sizes. */
export type ByteInput = Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/**
 * The chunks of an input, none of them empty.
 *
 * @throws {TensorError} `file-unsupported` if a chunk is not a `Uint8Array`.
 */
export async function* chunksOf(input: ByteInput): AsyncGenerator<Uint8Array, void, undefined> {
  if (input instanceof Uint8Array) {
    if (input.length > 0) yield input;
    return;
  }
  for await (const chunk of iterableOf(input)) {
    if (!(chunk instanceof Uint8Array))
      throw new TensorError("file-unsupported", "a stream of bytes must deliver Uint8Array chunks");
    if (chunk.length > 0) yield chunk;
  }
}

function iterableOf(input: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  // Not every browser lets a ReadableStream be iterated.
  return Symbol.asyncIterator in input ? (input as AsyncIterable<Uint8Array>) : readerOf(input);
}

async function* readerOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel();
    reader.releaseLock();
  }
}

/** The first bytes of an input, and all of its chunks, those bytes included. */
export interface PeekedInput {
  /** As many bytes as asked for, or the whole input if it is shorter. */
  readonly head: Uint8Array;
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
}

/** Looks at the first `length` bytes without losing them. */
export async function peek(chunks: AsyncGenerator<Uint8Array, void, undefined>, length: number): Promise<PeekedInput> {
  const seen: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < length) {
    const next = await chunks.next();
    if (next.done) break;
    seen.push(next.value);
    bytes += next.value.length;
  }
  const head = new Uint8Array(Math.min(bytes, length));
  let at = 0;
  for (const chunk of seen) {
    const part = chunk.subarray(0, head.length - at);
    head.set(part, at);
    at += part.length;
  }
  return { head, chunks: replay(seen, chunks) };
}

async function* replay(
  seen: Uint8Array[],
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (let chunk = seen.shift(); chunk !== undefined; chunk = seen.shift()) yield chunk;
    yield* rest;
  } finally {
    await rest.return();
  }
}

/** The chunks of an input without its first `length` bytes. */
export async function* skipBytes(
  chunks: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = length;
  for await (const chunk of chunks) {
    const rest = chunk.subarray(left);
    left -= chunk.length - rest.length;
    if (rest.length > 0) yield rest;
  }
}

/** Chunks as one array; a lone chunk is returned itself. */
export function joinBytes(chunks: Iterable<Uint8Array>): Uint8Array {
  const all = [...chunks];
  if (all.length === 1) return all[0]!;
  const joined = new Uint8Array(all.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of all) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/**
 * All bytes of an input in memory, by doubling: below three times what was read.
 *
 * @throws {TensorError} `too-large` beyond `limit` bytes.
 */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  file: string,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(0);
  let count = 0;
  for await (const chunk of chunks) {
    const total = count + chunk.length;
    if (total > limit)
      throw new TensorError("too-large", `${file}: more than ${limit} bytes, the limit set for reading`);
    if (count === 0 && chunk.length > bytes.length) {
      // The first chunk is often the only one: no copy until a second comes.
      bytes = chunk as Uint8Array<ArrayBuffer>;
    } else {
      bytes = withRoom(bytes, count, total);
      bytes.set(chunk, count);
    }
    count = total;
  }
  return bytes.subarray(0, count);
}

function withRoom(bytes: Uint8Array<ArrayBuffer>, count: number, total: number): Uint8Array<ArrayBuffer> {
  if (total <= bytes.length) return bytes;
  try {
    const wider = new Uint8Array(Math.max(total, 2 * bytes.length));
    wider.set(bytes.subarray(0, count));
    return wider;
  } catch (cause) {
    throw new TensorError("too-large", `no memory for ${total} bytes`, { cause });
  }
}
