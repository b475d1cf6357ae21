/**
 * Cycles of a matrix-vector product on PIM, without running its commands.
 *
 * Each channel holds `rowsPerChannel` rows of the matrix over its 64 banks, which multiply in step: one MAC takes 32
 * bytes of weights from every bank. Vectors are written to a buffer of each channel first, results are read at the end.
 */
import type { PimTiming } from "./timing.ts";

/** Bytes of one access to one bank. */
export const ACCESS_BYTES = 32;
/** Bytes that one MAC of all banks of a channel takes in. */
export const MAC_BYTES: number = 64 * ACCESS_BYTES;
/** Accesses to one row of a bank. */
export const ROW_ACCESSES = 32;
/** Results that one move brings out. */
export const MOVE_RESULTS = 16;

/** A matrix-vector product, as seen by one channel. */
export interface GemvShape {
  readonly rowsPerChannel: number;
  readonly columns: number;
  /** Bytes of a number, of weights and of vectors. */
  readonly bytes: number;
}

/** Commands of one product in one channel. */
export interface GemvCommands {
  /** Writes of the vector. */
  readonly writes: number;
  readonly macs: number;
  /** Rows that are opened. */
  readonly rows: number;
  /** Moves of results. */
  readonly moves: number;
}

/** Commands of a product. */
export function gemvCommands({ rowsPerChannel, columns, bytes }: GemvShape): GemvCommands {
  const macs = Math.ceil((rowsPerChannel * columns * bytes) / MAC_BYTES);
  return {
    writes: Math.ceil((columns * bytes) / ACCESS_BYTES),
    macs,
    rows: Math.ceil(macs / ROW_ACCESSES),
    moves: Math.ceil(rowsPerChannel / MOVE_RESULTS),
  };
}

/** What the memory can do besides plain products; see `PimSpec`. */
export interface GemvOptions {
  /** Vectors that are multiplied at each reading of a row. Default 1. */
  readonly vectors?: number;
  /** Whether the vectors are in the buffer already. Default false. */
  readonly written?: boolean;
  /** Whether writing goes on beside the MACs of other products. Default false. */
  readonly overlapWrites?: boolean;
}

/**
 * Cycles of one product, refreshing aside. Without options this is exact for the command streams of `gemvStream` with
 * vectors spread over bank groups.
 *
 * With several vectors each column of a row is multiplied by all of them before the next: the row is opened once. When
 * writes overlap, the longer of writing and multiplying counts.
 *
 * @example
 * ```ts
 * gemvCycles({ rowsPerChannel: 16, columns: 2048, bytes: 2 }, timingNamed("HBM3_5.2Gbps")); // => 443
 * ```
 */
export function gemvCycles(shape: GemvShape, timing: PimTiming, options: GemvOptions = {}): number {
  const { vectors = 1, written = false, overlapWrites = false } = options;
  const { writes, macs, rows, moves } = gemvCommands(shape);
  const { nBL, nCCDL, nCCDAB, nRTPL, nRP, nRCD } = timing;
  const writing = written ? 0 : nBL * writes * vectors;
  const last = macs - ROW_ACCESSES * (rows - 1);
  const perRow = (ROW_ACCESSES * vectors - 1) * nCCDAB + nRTPL + nRP + nRCD;
  const multiplying = (rows - 1) * perRow + (last * vectors - 1) * nCCDAB;
  const reading = nBL * (moves * vectors - 1);
  if (overlapWrites) return Math.max(writing, multiplying) + 1 + reading;
  // A vector that is there already still waits for the row to open. After a single MAC, results of the group that was
  // written last come too soon.
  const crowded = !written && macs * vectors === 1 && writes % 4 === 1 ? nCCDL - nBL : 0;
  return (written ? nRCD : writing) + 1 + multiplying + crowded + reading;
}

/**
 * Cycles of products one after the other, refreshing aside: exact where the vector of each takes longer to write than the rows
 * of two products to open one after the other (nRC + nRCD), so that rows are opened behind the writes.
 */
export function streamCycles(shapes: readonly GemvShape[], timing: PimTiming): number {
  return shapes.reduce((sum, shape) => sum + gemvCycles(shape, timing) + 1, -1);
}

/** Cycles of a product in which vectors and results move over the channel's bus. */
export function gemvBusCycles(shape: GemvShape, timing: PimTiming, options: GemvOptions = {}): number {
  const { vectors = 1, written = false } = options;
  const { writes, moves } = gemvCommands(shape);
  return timing.nBL * vectors * ((written ? 0 : writes) + moves);
}

/**
 * By how much refreshing stretches long PIM work: a refresh takes the place of the gap between two rows.
 *
 * @example
 * ```ts
 * refreshStretch(timingNamed("HBM3_5.2Gbps")).toFixed(3); // => "1.095"
 * ```
 */
export function refreshStretch({ nREFI, nRFC, nRP }: PimTiming): number {
  // Both pseudo-channels are refreshed one cycle apart; rows would have been closed anyway.
  return nREFI / (nREFI - (nRFC + 1 - nRP));
}
