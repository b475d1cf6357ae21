/** Long inputs piece by piece: files or standard input, gzipped or not, in memory that does not grow with them. */
import { readSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { MillraceError } from "../errors.ts";
import { readChunks } from "./read.ts";

const CHUNK_BYTES = 1 << 20;
const retry = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/**
 * The bytes of a file, or of standard input where `name` is `-`; expanded if they are gzip's.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`
 */
export async function* readInput(
  folder: string,
  name: string,
  watch?: (done: number, total: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = name === "-" ? readStandardInput() : readChunks(folder, name, watch);
  const first = await chunks.next();
  if (first.done === true) return;
  const all = rejoined(first.value, chunks);
  if (first.value[0] === 0x1f && first.value[1] === 0x8b) yield* expanded(all, name);
  else yield* all;
}

async function* rejoined(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first;
  yield* rest;
}

async function* expanded(
  chunks: AsyncGenerator<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // A fault destroys the stream, so that reading from it throws.
  pipeline(Readable.from(chunks), gunzip).catch(() => {});
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError("file-unreadable", `cannot expand ${name}: ${(cause as Error).message}`, { cause });
  }
}

async function* readStandardInput(): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = readSome(chunk);
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}

function readSome(chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(0, chunk);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN")
        throw new MillraceError("file-unreadable", `cannot read standard input: ${code}`, { cause });
      // A pipe that its writer made non-blocking and has not filled yet.
      Atomics.wait(retry, 0, 0, 1);
    }
  }
}
