/**
 * Text in chunks, handed on in blocks of whole lines (or words).
 *
 * A block is a slice of the chunk itself; only the piece of a line that a chunk boundary cuts is copied, so what is held
 * besides the chunk is never more than one line.
 */
import type { TensorError } from "../../errors.ts";
import { textFault } from "../file-fault.ts";
import type { ReadContext } from "../read-options.ts";
import { withLineFeeds } from "./line-feeds.ts";

/** Takes blocks that each end with a newline (where lines are asked for) or any blank (where words are). */
export interface BlockConsumer {
  /** The line that the next block begins in, from 1. */
  readonly line: number;
  /** Takes `bytes[start .. end)`; the slice may be overwritten afterwards. */
  consume(bytes: Uint8Array, start: number, end: number): void;
}

/** What reading took, for the curious and for tests of the bounds. */
export interface TextCost {
  /** Bytes of text read, after decompression. */
  bytes: number;
  /** Most bytes of a cut line held between two chunks. */
  largestCarry: number;
}

const NEWLINE = 10;
const SPACE = 32;

/**
 * Feeds a text with any line ending (LF, CR LF, CR) to a consumer; a missing final newline is added.
 *
 * @throws {TensorError} `too-large` if a line (or word) is longer than the limit.
 */
export async function feedBlocks(
  chunks: AsyncIterable<Uint8Array>,
  consumer: BlockConsumer,
  context: ReadContext,
  unit: "line" | "word" = "line",
): Promise<TextCost> {
  const cost: TextCost = { bytes: 0, largestCarry: 0 };
  const isBoundary = (byte: number): boolean => (unit === "line" ? byte === NEWLINE : byte <= SPACE);
  let carry = new Uint8Array(256);
  let carried = 0;

  const keep = (piece: Uint8Array): void => {
    if (carried + piece.length > context.maximumLineBytes) throw tooLong(consumer, context, unit);
    if (carried + piece.length + 1 > carry.length) {
      const wider = new Uint8Array(Math.max(carry.length * 2, carried + piece.length + 1));
      wider.set(carry.subarray(0, carried));
      carry = wider;
    }
    carry.set(piece, carried);
    carried += piece.length;
    cost.largestCarry = Math.max(cost.largestCarry, carried);
  };

  for await (const chunk of withLineFeeds(chunks)) {
    cost.bytes += chunk.length;
    let last = chunk.length - 1;
    while (last >= 0 && !isBoundary(chunk[last]!)) last--;
    if (last < 0) {
      keep(chunk);
      continue;
    }
    let start = 0;
    if (carried > 0) {
      while (!isBoundary(chunk[start]!)) start++;
      start++;
      keep(chunk.subarray(0, start));
      consumer.consume(carry, 0, carried);
      carried = 0;
    }
    if (start <= last) consumer.consume(chunk, start, last + 1);
    keep(chunk.subarray(last + 1));
  }
  if (carried > 0) {
    keep(Uint8Array.of(NEWLINE));
    consumer.consume(carry, 0, carried);
  }
  return cost;
}

function tooLong(consumer: BlockConsumer, context: ReadContext, unit: string): TensorError {
  const place = { file: context.file, line: consumer.line, column: 1 };
  return textFault(
    "too-large",
    place,
    `a ${unit} is longer than ${context.maximumLineBytes} bytes; is this a text file?`,
  );
}
