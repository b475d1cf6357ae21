/**
 * A fusion table as the public compiler prints it, brought to numbers of columns.
 *
 * The compiler lists a column for every use of a result. Uses that its cache answers are `Dup`, and the columns of views that
 * only such uses would have read stay partly empty; they are not part of what is computed.
 */
import type { RecordedTables } from "./reference-data.ts";

/** A recorded table; columns are numbered from 0, `filled` and `joined` are indexed by column, then row. */
export class RecordedTable {
  readonly rows: readonly string[];
  readonly filled: readonly (readonly string[])[];
  readonly joined: readonly (readonly string[])[];
  readonly #headings: readonly string[];

  constructor([filled, joined]: RecordedTables) {
    this.rows = filled.slice(1, -1).map((row) => row[0]!);
    this.#headings = filled[0]!.slice(1);
    const columns = (table: readonly (readonly string[])[]): string[][] =>
      this.#headings.map((_, column) => table.slice(1).map((row) => row[column + 1]!));
    this.filled = columns(filled);
    this.joined = columns(joined);
  }

  get last(): number {
    return this.#headings.length - 1;
  }

  /** The column that a use stands for. */
  base(column: number): number {
    const dup = /^Dup\((\S+)\)$/.exec(this.value(column))?.[1];
    return dup === undefined ? column : this.#headings.indexOf(dup);
  }

  value(column: number): string {
    return this.filled[column]!.at(-1)!;
  }

  /** Columns that the values of a column are made of. */
  operands(column: number): readonly number[] {
    const list = /(?:mul|add|sub|div|relu|exp|maxReduce|reduce)\(([^)]*)\)/.exec(this.value(column))?.[1];
    return list === undefined ? [] : list.split(", ").map((name) => this.named(name, column));
  }

  /** The column of a tensor that another column refers to: the last before it. */
  named(tensor: string, from: number): number {
    for (let column = from - 1; column >= 0; column--) {
      if (this.#headings[column]!.split("-")[0] === tensor) return this.base(column);
    }
    throw new Error(`no column ${tensor} before ${from}`);
  }

  /** The tensor of a column. */
  tensor(column: number): string {
    return this.#headings[column]!.split("-")[0]!;
  }

  /** Columns in the order in which they are listed, without those below a use that the cache answers. */
  listed(): readonly number[] {
    const blocks: number[][] = [];
    for (const column of this.#headings.keys()) {
      const base = this.base(column);
      const operands = this.operands(base).length;
      const below = operands === 0 ? [] : blocks.splice(-operands).flat();
      blocks.push(base === column ? [...below, base] : [base]);
    }
    return blocks.flat();
  }

  /** Rows at which one of `columns` has more than a reference to a row before. */
  liveRows(columns: Iterable<number>): readonly string[] {
    const all = [...columns];
    return this.rows.filter((_, row) => all.some((column) => !/^(Redirect|root$)/.test(this.filled[column]![row]!)));
  }
}
