/** What the elements of a stream are while a program runs. */
import { StepError } from "../errors.ts";

/** A block of numbers, row by row. */
export class TileValue {
  readonly rows: number;
  readonly columns: number;
  /** `rows` × `columns` numbers, row-major. */
  readonly numbers: Float64Array;
  /** Rows that mean something, from the first on; the others are padding. */
  readonly validRows: number;

  /** @throws {StepError} `value-shape` if the numbers are not `rows` × `columns`. */
  constructor(rows: number, columns: number, numbers: Float64Array, validRows: number = rows) {
    if (numbers.length !== rows * columns) {
      throw new StepError(
        "value-shape",
        `a tile of ${rows} × ${columns} has ${rows * columns} numbers, not ${numbers.length}`,
      );
    }
    this.rows = rows;
    this.columns = columns;
    this.numbers = numbers;
    this.validRows = validRows;
  }

  toString(): string {
    return this.numbers.length === 1 ? String(this.numbers[0]) : `<${this.rows}×${this.columns}>`;
  }
}

/** The outputs that a selector chooses, in the order in which they are served. */
export class SelectorValue {
  readonly chosen: readonly number[];

  constructor(chosen: readonly number[]) {
    this.chosen = chosen;
  }

  toString(): string {
    return `{${this.chosen.join(",")}}`;
  }
}

/** What a buffer holds: the slots of one group, whose closing stop is left out. */
export class BufferValue {
  readonly slots: readonly { readonly value: TileValue | undefined; readonly stop: number }[];
  /** Its tiles, in order. */
  readonly tiles: readonly TileValue[];

  constructor(slots: readonly { readonly value: TileValue | undefined; readonly stop: number }[]) {
    this.slots = slots;
    this.tiles = slots.flatMap((slot) => slot.value ?? []);
  }

  toString(): string {
    return `(${this.tiles.length} tiles)`;
  }
}

/** Several values side by side. */
export class TupleValue {
  readonly parts: readonly Value[];

  constructor(parts: readonly Value[]) {
    this.parts = parts;
  }

  toString(): string {
    return `(${this.parts.join(", ")})`;
  }
}

/** One element of a stream. */
export type Value = TileValue | SelectorValue | BufferValue | TupleValue;

/** A tile of one number. */
export function scalar(value: number): TileValue {
  return new TileValue(1, 1, Float64Array.of(value));
}

/** A tile of rows of numbers. */
export function tileOf(rows: readonly (readonly number[])[]): TileValue {
  const columns = rows[0]?.length ?? 0;
  return new TileValue(rows.length, columns, Float64Array.from(rows.flat()));
}
