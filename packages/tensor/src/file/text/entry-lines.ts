/**
 * Lines of `coordinate … coordinate value`, the body that Matrix Market and every `.tns` dialect share.
 *
 * The one hot loop of text reading: it walks bytes, writes into typed arrays, and looks for words only when it has
 * something to complain about.
 */

import type { TensorError, TensorErrorCode } from "../../errors.ts";
import { maximumExtent } from "../../limits.ts";
import { quoteWord, textFault } from "../file-fault.ts";
import type { ReadContext } from "../read-options.ts";
import { EntryList } from "./entry-list.ts";
import { scanInteger, scanNumber, skipBlanks } from "./number-scanner.ts";

/** What each line holds. */
export interface EntryLayout {
  /** Coordinates on each line. */
  readonly order: number;
  /** Numbers behind them: 0 for patterns, 1, or 2 for complex values. */
  readonly parts: 0 | 1 | 2;
  /** Whether the numbers must be integers. */
  readonly integer: boolean;
  /** The smallest index: 1, or 0 where the file counts from zero. */
  readonly base: 0 | 1;
  /** Extent of each mode, or undefined where the entries decide. */
  readonly shape: readonly number[] | undefined;
  /** Entries that the file promises, or undefined if it does not. */
  readonly promised: number | undefined;
  /** Where the second coordinate may lie relative to the first. */
  readonly triangle: "whole" | "lower" | "strictly-lower";
  /** Whether the second part of a value must be 0 where both coordinates are the same. */
  readonly realDiagonal: boolean;
  /** First byte of a comment line. */
  readonly comment: number;
}

const NEWLINE = 10;
const ZERO = 48;

/** What to say of a value on the diagonal of a hermitian matrix that has an imaginary part. */
export function realDiagonalMessage(row: number, imaginary: number): string {
  return `entry (${row + 1}, ${row + 1}) of a hermitian matrix has the imaginary part ${imaginary}; its diagonal must be real`;
}

/** Collects the entries of a text, block by block. */
export class EntryLines {
  /** The line that the next block begins in, from 1. */
  line: number;
  readonly list: EntryList;
  /** Largest index seen in each mode, in the file's own base. */
  readonly largest: number[];
  readonly #layout: EntryLayout;
  readonly #context: ReadContext;
  readonly #limits: readonly number[];
  readonly #maximum: number;

  constructor(layout: EntryLayout, context: ReadContext, line: number) {
    this.#layout = layout;
    this.#context = context;
    this.line = line;
    this.#maximum = Math.min(layout.promised ?? Number.POSITIVE_INFINITY, context.maximumEntries);
    // The shortest line is a digit and a separator for each coordinate and each number.
    const vouched = Math.ceil((context.expectedBytes ?? 0) / (2 * (layout.order + layout.parts)));
    const expected = layout.promised === undefined ? 0 : Math.min(vouched, layout.promised);
    this.list = new EntryList({ order: layout.order, parts: layout.parts, expected, maximum: this.#maximum });
    this.#limits = Array.from(
      { length: layout.order },
      (_, mode) => (layout.shape?.[mode] ?? maximumExtent) + layout.base - 1,
    );
    this.largest = new Array<number>(layout.order).fill(layout.base - 1);
  }

  /** Takes whole lines, `bytes[start .. end)`. @throws {TensorError} for the first line that is not an entry. */
  consume(bytes: Uint8Array, start: number, end: number): void {
    const { order, parts, integer, base, triangle, realDiagonal, comment } = this.#layout;
    const { list, largest } = this;
    const limits = this.#limits;
    const { coordinates } = list;
    let { values, count, capacity } = list;
    let at = start;
    while (at < end) {
      const lineStart = at;
      at = skipBlanks(bytes, at);
      if (bytes[at] === NEWLINE || bytes[at] === comment) {
        while (bytes[at] !== NEWLINE) at++;
        at++;
        this.line++;
        continue;
      }
      if (count === capacity) {
        list.count = count;
        this.#makeRoom(at - lineStart + 1);
        values = list.values;
        capacity = list.capacity;
      }
      for (let mode = 0; mode < order; mode++) {
        const word = at;
        let index = 0;
        for (let digit = bytes[at]! ^ ZERO; digit <= 9; digit = bytes[at]! ^ ZERO) {
          index = index * 10 + digit;
          at++;
        }
        if (at === word || bytes[at]! > 32 || index < base || index > limits[mode]!) {
          throw this.#indexFault(bytes, word, lineStart, mode);
        }
        if (index > largest[mode]!) largest[mode] = index;
        coordinates[mode]![count] = index - base;
        at = skipBlanks(bytes, at);
      }
      if (triangle !== "whole") this.#checkTriangle(count, lineStart, skipBlanks(bytes, lineStart));
      for (let part = 0; part < parts; part++) {
        const word = at;
        const slot = count * parts + part;
        at = integer ? scanInteger(bytes, word, values, slot) : scanNumber(bytes, word, values, slot);
        if (at < 0) throw this.#valueFault(bytes, word, lineStart);
        const value = values[slot]!;
        if (value - value !== 0 || integer) this.#checkValue(value, word - lineStart + 1);
        at = skipBlanks(bytes, at);
      }
      if (realDiagonal) this.#checkDiagonal(count, lineStart, skipBlanks(bytes, lineStart));
      if (bytes[at] !== NEWLINE) throw this.#surplusFault(bytes, at, lineStart);
      at++;
      this.line++;
      count++;
    }
    list.count = count;
  }

  /** Checks the count. @throws {TensorError} `file-truncated` if entries are missing. */
  finish(): EntryList {
    const { promised } = this.#layout;
    if (promised !== undefined && this.list.count < promised) {
      const message = `the file ends after ${this.list.count} of the ${promised} entries its header promises`;
      throw this.#fault("file-truncated", 1, message);
    }
    return this.list;
  }

  #fault(code: TensorErrorCode, column: number, message: string): TensorError {
    return textFault(code, { file: this.#context.file, line: this.line, column }, message);
  }

  #makeRoom(column: number): void {
    const { count } = this.list;
    if (count === this.#layout.promised) {
      throw this.#fault("file-malformed", column, `one entry more than the ${count} that the header promises`);
    }
    if (count >= this.#maximum)
      throw this.#fault("too-large", column, `more than ${this.#maximum} entries, the limit set for reading`);
    this.list.grow();
  }

  #indexFault(bytes: Uint8Array, word: number, lineStart: number, mode: number): TensorError {
    const { base, order, shape } = this.#layout;
    const column = word - lineStart + 1;
    const shown = quoteWord(bytes, word);
    const nth =
      order === 2 ? `the ${mode === 0 ? "row" : "column"} index` : `the index of mode ${mode + 1} of ${order}`;
    const digits = /^"(\d+)"$/.exec(shown);
    if (digits === null) return this.#fault("file-malformed", column, `expected ${nth}, found ${shown}`);
    if (Number(digits[1]) < base) {
      return this.#fault("coordinate-range", column, `${nth} is ${digits[1]}, but indices of this format start at 1`);
    }
    const extent = shape?.[mode] ?? maximumExtent;
    return this.#fault("coordinate-range", column, `${nth} is ${digits[1]}, outside ${base} .. ${extent + base - 1}`);
  }

  #checkTriangle(entry: number, lineStart: number, firstWord: number): void {
    const row = this.list.coordinates[0]![entry]!;
    const column = this.list.coordinates[1]![entry]!;
    const strict = this.#layout.triangle === "strictly-lower";
    if (row > column || (row === column && !strict)) return;
    const where = row === column ? "on the diagonal" : "above the diagonal";
    const rule = strict
      ? "a skew-symmetric matrix stores only entries below it"
      : "a matrix with symmetry stores only its lower triangle";
    const message = `entry (${row + 1}, ${column + 1}) is ${where}, but ${rule}; is the matrix meant to be general?`;
    throw this.#fault("file-malformed", firstWord - lineStart + 1, message);
  }

  #checkDiagonal(entry: number, lineStart: number, firstWord: number): void {
    const row = this.list.coordinates[0]![entry]!;
    if (row !== this.list.coordinates[1]![entry] || this.list.values[2 * entry + 1] === 0) return;
    const column = firstWord - lineStart + 1;
    throw this.#fault("file-malformed", column, realDiagonalMessage(row, this.list.values[2 * entry + 1]!));
  }

  #valueFault(bytes: Uint8Array, word: number, lineStart: number): TensorError {
    const expected = this.#layout.integer ? "an integer" : "a number";
    return this.#fault("file-malformed", word - lineStart + 1, `expected ${expected}, found ${quoteWord(bytes, word)}`);
  }

  #checkValue(value: number, column: number): void {
    if (this.#layout.integer) {
      if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return;
      throw this.#fault("value-range", column, "an integer beyond 2^53 cannot be kept exactly");
    }
    if (this.#context.allowNonFinite) return;
    const message = `the value is ${value} (as written, or beyond float64); non-finite values must be allowed expressly`;
    throw this.#fault("value-range", column, message);
  }

  #surplusFault(bytes: Uint8Array, at: number, lineStart: number): TensorError {
    const { order, parts } = this.#layout;
    const held = `${order} ${order === 1 ? "index" : "indices"}${["", " and a value", " and both parts of a value"][parts]}`;
    const message = `expected the end of the line after ${held}, found ${quoteWord(bytes, at)}`;
    return this.#fault("file-malformed", at - lineStart + 1, message);
  }
}
