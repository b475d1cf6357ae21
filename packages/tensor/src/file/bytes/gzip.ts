/**
 * Gzip in streams (RFC 1952): any number of members, each checked against its CRC-32 and length.
 *
 * The platform's `DecompressionStream` is not used: runtimes differ on members behind the first, and none says where a
 * fault lies.
 */
import { Gunzip } from "fflate";
import { TensorError } from "../../errors.ts";
import { byteFault } from "../file-fault.ts";
import type { ReadContext } from "../read-options.ts";
import { crc32 } from "./crc32.ts";

/** Compressed bytes given to the decompressor at a time; deflate expands them at most 1032 times. */
const STEP = 2 ** 14;
/** Compressed bytes remembered, to find a trailer when the next member's header has gone by. */
const REMEMBERED = 2 ** 17;
const TRAILER = 8;

/** Whether these first bytes of a file are those of a gzip file. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * The decompressed bytes of a gzip file.
 *
 * @throws {TensorError} `file-malformed` for what is not gzip or fails its check, `file-truncated` if it ends early,
 *   `too-large` if it expands beyond the limit.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  context: ReadContext,
): AsyncGenerator<Uint8Array, void, undefined> {
  const members = new GzipMembers(context);
  for await (const step of inSteps(chunks)) {
    members.push(step, false);
    yield* members.take();
  }
  members.push(new Uint8Array(0), true);
  yield* members.take();
}

/** The bytes in steps of one size: larger ones would expand to too much, and each costs a copy of deflate's window. */
async function* inSteps(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let step = new Uint8Array(STEP);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + STEP - filled);
      from += part.length;
      if (part.length === STEP) {
        yield part;
        continue;
      }
      step.set(part, filled);
      filled += part.length;
      if (filled < STEP) continue;
      yield step;
      step = new Uint8Array(STEP);
      filled = 0;
    }
  }
  if (filled > 0) yield step.subarray(0, filled);
}

class GzipMembers {
  readonly #context: ReadContext;
  readonly #inflater: Gunzip;
  readonly #ring = new Uint8Array(REMEMBERED);
  /** Compressed bytes seen. */
  #seen = 0;
  #expanded = 0;
  #memberBytes = 0;
  #memberCrc = 0;
  #output: Uint8Array[] = [];

  constructor(context: ReadContext) {
    this.#context = context;
    this.#inflater = new Gunzip((bytes) => this.#receive(bytes));
    this.#inflater.onmember = (offset) => this.#endMember(offset);
  }

  push(bytes: Uint8Array, final: boolean): void {
    for (let index = 0; index < bytes.length; index++) this.#ring[(this.#seen + index) % REMEMBERED] = bytes[index]!;
    this.#seen += bytes.length;
    try {
      this.#inflater.push(bytes, final);
    } catch (cause) {
      if (cause instanceof TensorError) throw cause;
      throw this.#inflateFault(cause, final);
    }
    if (final) this.#endMember(this.#seen);
  }

  take(): Uint8Array[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }

  #receive(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#expanded += bytes.length;
    const limit = this.#context.maximumExpandedBytes;
    if (this.#expanded > limit)
      throw this.#fault(
        "too-large",
        `the compressed file expands to more than ${limit} bytes, the limit set for reading`,
      );
    this.#memberCrc = crc32(bytes, this.#memberCrc);
    this.#memberBytes += bytes.length;
    this.#output.push(bytes);
  }

  /** Checks the member whose trailer ends at `offset`. */
  #endMember(offset: number): void {
    const start = offset - TRAILER;
    if (this.#seen - start > REMEMBERED)
      throw this.#fault("file-unsupported", `a gzip member has a header of more than ${REMEMBERED - TRAILER} bytes`);
    const crc = this.#wordAt(start);
    const length = this.#wordAt(start + 4);
    if (crc !== this.#memberCrc || length !== this.#memberBytes % 2 ** 32) {
      const place = { file: this.#context.file, offset: Math.max(0, start) };
      throw byteFault(
        "file-malformed",
        place,
        "the gzip check sum does not match: the file is damaged, cut short or has a tail",
      );
    }
    this.#memberCrc = 0;
    this.#memberBytes = 0;
  }

  /** The little-endian 32-bit word at an offset of the compressed bytes. */
  #wordAt(offset: number): number {
    let word = 0;
    for (let index = 3; index >= 0; index--)
      word = word * 256 + this.#ring[(offset + index + REMEMBERED) % REMEMBERED]!;
    return word;
  }

  #inflateFault(cause: unknown, final: boolean): TensorError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (final && /EOF/i.test(reason)) return this.#fault("file-truncated", "the gzip file ends before its data does");
    return this.#fault("file-malformed", `not valid gzip data (${reason})`, cause);
  }

  #fault(
    code: "too-large" | "file-truncated" | "file-malformed" | "file-unsupported",
    message: string,
    cause?: unknown,
  ): TensorError {
    const fault = byteFault(code, { file: this.#context.file, offset: this.#seen }, message);
    if (cause !== undefined) fault.cause = cause;
    return fault;
  }
}
