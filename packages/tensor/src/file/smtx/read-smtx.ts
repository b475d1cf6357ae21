/**
 * `.smtx`: the structure of a pruned layer in compressed rows, as the Deep Learning Matrix Collection writes it.
 *
 * `%` comment lines, then words: `rows, columns, entries`, rows + 1 offsets, one column index (from 0) for each entry.
 * There are no values, so every entry counts as 1. A line may hold a million words, so the text is cut at words.
 */

import type { TensorError, TensorErrorCode } from "../../errors.ts";
import { maximumExtent } from "../../limits.ts";
import { quoteWord, textFault } from "../file-fault.ts";
import type { ReadContext } from "../read-options.ts";
import type { TensorContents } from "../tensor-file.ts";
import { EntryList } from "../text/entry-list.ts";
import { type BlockConsumer, feedBlocks, type TextCost } from "../text/line-blocks.ts";

const NEWLINE = 10;
const PERCENT = 37;
const COMMA = 44;
const ZERO = 48;

/** Reads an `.smtx` text. @throws {TensorError} `file-malformed`, `file-truncated`, `coordinate-range` or `too-large`, with the place. */
export async function readSmtx(chunks: AsyncIterable<Uint8Array>, context: ReadContext): Promise<TensorContents> {
  const text = new SmtxText(context);
  const cost = await feedBlocks(chunks, text, context, "word");
  return text.finish(cost);
}

class SmtxText implements BlockConsumer {
  line = 1;
  /** Bytes of the current line in earlier blocks. */
  #columnsBefore = 0;
  #inComment = false;
  readonly #context: ReadContext;
  /** Rows, columns, entries: as many as were read. */
  readonly #sizes: number[] = [];
  #offsets: EntryList | undefined;
  #columns: EntryList | undefined;

  constructor(context: ReadContext) {
    this.#context = context;
  }

  consume(bytes: Uint8Array, start: number, end: number): void {
    let lineStart = start - this.#columnsBefore;
    let at = start;
    while (at < end) {
      const byte = bytes[at]!;
      if (byte === NEWLINE) {
        at++;
        this.line++;
        lineStart = at;
        this.#inComment = false;
      } else if (this.#inComment || byte === COMMA || isBlank(byte)) {
        at++;
      } else if (byte === PERCENT && this.#sizes.length === 0) {
        this.#inComment = true;
      } else {
        const word = at;
        let value = 0;
        for (let digit = byte ^ ZERO; digit <= 9; digit = bytes[at]! ^ ZERO) {
          value = value * 10 + digit;
          at++;
        }
        const column = word - lineStart + 1;
        if (at === word || (bytes[at]! > 32 && bytes[at] !== COMMA)) {
          throw this.#fault("file-malformed", column, `expected ${this.#expected()}, found ${quoteWord(bytes, word)}`);
        }
        this.#take(value, column);
      }
    }
    this.#columnsBefore = at - lineStart;
  }

  #take(value: number, column: number): void {
    if (this.#sizes.length < 3) this.#takeSize(value, column);
    else if (this.#offsets!.count <= this.#sizes[0]!) this.#takeOffset(value, column);
    else this.#takeColumn(value, column);
  }

  #takeSize(value: number, column: number): void {
    const limit = this.#sizes.length < 2 ? maximumExtent : this.#context.maximumEntries;
    if (value > limit) throw this.#fault("too-large", column, `${this.#expected()} is ${value}, more than ${limit}`);
    this.#sizes.push(value);
    if (this.#sizes.length < 3) return;
    const vouched = Math.ceil((this.#context.expectedBytes ?? 0) / 2);
    const [rows, , entries] = this.#sizes as [number, number, number];
    this.#offsets = new EntryList({ order: 1, parts: 0, maximum: rows + 1, expected: Math.min(vouched, rows + 1) });
    this.#columns = new EntryList({ order: 1, parts: 0, maximum: entries, expected: Math.min(vouched, entries) });
  }

  #takeOffset(value: number, column: number): void {
    const offsets = this.#offsets!;
    const { count } = offsets;
    const [rows, , entries] = this.#sizes as [number, number, number];
    const before = count === 0 ? 0 : offsets.coordinates[0]![count - 1]!;
    if (value < before || (count === 0 && value !== 0)) {
      throw this.#fault(
        "file-malformed",
        column,
        `row offset ${count} is ${value}, but offsets start at 0 and never fall (the one before is ${before})`,
      );
    }
    if (value > entries || (count === rows && value !== entries)) {
      throw this.#fault(
        "file-malformed",
        column,
        `row offset ${count} is ${value}, but the last of ${rows + 1} is the number of entries, ${entries}`,
      );
    }
    push(offsets, value);
  }

  #takeColumn(value: number, column: number): void {
    const columns = this.#columns!;
    const [, extent, entries] = this.#sizes as [number, number, number];
    if (columns.count === entries)
      throw this.#fault("file-malformed", column, `one index more than the ${entries} entries of the header`);
    if (value >= extent)
      throw this.#fault("coordinate-range", column, `column index ${value} is outside 0 .. ${extent - 1}`);
    push(columns, value);
  }

  #expected(): string {
    const sizes = ["the number of rows", "the number of columns", "the number of entries"];
    if (this.#sizes.length < 3) return sizes[this.#sizes.length]!;
    return this.#offsets!.count <= this.#sizes[0]! ? "a row offset" : "a column index";
  }

  finish(cost: TextCost): TensorContents {
    const offsets = this.#offsets;
    const columns = this.#columns;
    const [rows = 0, extent = 0, entries = 0] = this.#sizes;
    if (offsets === undefined || columns === undefined || offsets.count <= rows || columns.count < entries) {
      const read = `${offsets?.count ?? 0} offsets and ${columns?.count ?? 0} column indices`;
      const message = `the file ends where ${this.#expected()} should follow, after ${read}`;
      throw this.#fault("file-truncated", this.#columnsBefore + 1, message);
    }
    columns.resize(entries);
    const rowOf = new Int32Array(entries);
    for (let row = 0; row < rows; row++)
      rowOf.fill(row, offsets.coordinates[0]![row]!, offsets.coordinates[0]![row + 1]!);
    const list = {
      shape: [rows, extent],
      coordinates: [rowOf, columns.coordinates[0]!],
      valueType: "float64",
      values: new Float64Array(entries).fill(1),
    } as const;
    const header = {
      format: "smtx",
      variant: "",
      shape: list.shape,
      field: "pattern",
      symmetry: "general",
      valueType: "float64",
      storedEntries: entries,
    } as const;
    return { header, list, cost: { ...cost, allocatedBytes: offsets.allocatedBytes + columns.allocatedBytes } };
  }

  #fault(code: TensorErrorCode, column: number, message: string): TensorError {
    return textFault(code, { file: this.#context.file, line: this.line, column }, message);
  }
}

/** Whether a byte is a space, tab, carriage return, vertical tab or form feed. */
function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

function push(list: EntryList, value: number): void {
  if (list.count === list.capacity) list.grow();
  list.coordinates[0]![list.count++] = value;
}
