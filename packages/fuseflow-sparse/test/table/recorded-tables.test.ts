import { expect, test } from "vitest";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import { expandRegion } from "../../src/fuse/expand.ts";
import { firstOrder } from "../../src/fuse/orders.ts";
import { partialOrder } from "../../src/fuse/partial-order.ts";
import { fusionTable } from "../../src/table/build-table.ts";
import type { FusionCell, FusionTable, ValueCell } from "../../src/table/fusion-table.ts";
import { programOver } from "../support/compile-runs.ts";
import { recordedStatements } from "../support/program-texts.ts";
import { RecordedTable } from "../support/recorded-table.ts";
import { compiledPrograms, recordedTables } from "../support/reference-data.ts";

const programs = compiledPrograms();
const tables = recordedTables();

test.each([...tables.keys()])("the fusion table of %s is the recorded one, cell by cell", (name) => {
  const recorded = new RecordedTable(tables.get(name)!);
  const pair = new Pair(recorded, name);
  expect(recorded.listed().map((column) => pair.ours.get(column))).toEqual(
    pair.table.columns.map(({ again }, column) => again ?? column),
  );
  for (const [theirs, ours] of pair.ours) {
    pair.rows.forEach((row, at) => {
      const cell = pair.table.columns[ours]!.cells[at]!;
      expect(pair.ownCell(cell), `column ${ours}, row ${row}`).toBe(pair.theirCell(theirs, row));
      expect(recorded.joined[theirs]![recorded.rows.indexOf(row)]).toBe(pair.joinText(theirs, row));
    });
    const value = pair.table.columns[ours]!.value!;
    expect(pair.ownValue(value)).toBe(pair.theirValue(theirs));
    expect(recorded.joined[theirs]!.at(-1)).toBe(pair.joinedValue(theirs));
  }
});

/** A recorded table, ours of the same program in the same loop order, and which columns and rows are which. */
class Pair {
  readonly recorded: RecordedTable;
  readonly table: FusionTable;
  /** Our column for each of theirs that is computed. */
  readonly ours = new Map<number, number>();
  /** Their rows that do something, and our loop for each. */
  readonly rows: readonly string[];
  readonly #loops = new Map<string, string>();

  constructor(recorded: RecordedTable, name: string) {
    this.recorded = recorded;
    const { inputs } = programs.get(name)!;
    const program = programOver(inputs, recordedStatements(name, Object.keys(inputs)));
    const region = expandRegion(program, { name, tensors: program.statements.map(({ tensor }) => tensor) });
    const stored = new Map(Object.entries(inputs).map(([input, tensor]) => [input, storedTensor(tensor)]));
    const first = fusionTable(region, firstOrder(partialOrder(region, stored))!, stored);
    this.#match(recorded.last, first.columns.length - 1, first);
    this.rows = recorded.liveRows(this.ours.keys());
    for (const [theirs, ours] of this.ours) {
      const { kind, variables } = first.columns[ours]!;
      if (kind !== "view") continue;
      const scanned = recorded.rows.filter((_, row) => recorded.filled[theirs]![row]!.startsWith("LScan"));
      expect(scanned).toHaveLength(variables.length);
      for (const [at, row] of scanned.entries()) this.#loops.set(row, variables[at]!);
    }
    this.table = fusionTable(
      region,
      this.rows.map((row) => this.#loops.get(row)!),
      stored,
    );
    expect(this.table.rows).toHaveLength(region.variables.length);
  }

  #match(theirs: number, ours: number, table: FusionTable): void {
    this.ours.set(theirs, ours);
    const baseOf = (column: number): number => table.columns[column]!.again ?? column;
    const value = table.columns[ours]!.value!;
    const operands = value.kind === "read" ? [] : value.kind === "sum" ? value.of.operands : value.operands;
    const wanted = this.recorded.operands(theirs);
    expect(operands).toHaveLength(wanted.length);
    for (const [at, operand] of operands.entries()) this.#match(wanted[at]!, baseOf(operand), table);
  }

  #before(row: string): string {
    const at = this.rows.indexOf(row);
    return at === 0 ? "root" : this.#loops.get(this.rows[at - 1]!)!;
  }

  #has(column: number, row: string): boolean {
    return this.table.columns[column]!.variables.includes(this.#loops.get(row)!);
  }

  ownCell(cell: FusionCell): string {
    switch (cell.kind) {
      case "repeat":
        return `repeat ${cell.from} by ${cell.guide.column}`;
      case "scan":
        return `scan ${cell.from}`;
      case "same":
        return `same ${cell.row}`;
      case "of":
        return `of ${cell.column}`;
      case "sum":
        return `sum ${cell.order} over ${cell.over}`;
      default:
        return cell.kind;
    }
  }

  theirCell(column: number, row: string): string {
    const text = this.recorded.filled[column]![this.recorded.rows.indexOf(row)]!;
    const before = this.#before(row);
    if (text.startsWith("LScan")) return `scan ${before}`;
    if (text.startsWith("Repeat")) return `repeat ${before} by ${this.#guide(column, row)}`;
    const sum = /^Spacc(\d)_(i\d+)/.exec(text);
    if (sum !== null) return `sum ${sum[1]} over ${this.#loops.get(sum[2]!)}`;
    const pointed = /^Ptr\((\w+)/.exec(text)?.[1];
    if (pointed === undefined || !this.#has(this.ours.get(column)!, row)) {
      // The compiler lets a scalar reduction keep the loop that it reduces.
      return before === "root" ? "root" : `same ${before}`;
    }
    let to = this.recorded.named(pointed, column);
    while (!this.#has(this.ours.get(to)!, row)) {
      const cell = this.recorded.filled[to]![this.recorded.rows.indexOf(row)]!;
      to = this.recorded.named(/^Ptr\((\w+)/.exec(cell)![1]!, to);
    }
    // Of two operands that have the loop the compiler takes the last, also where that is a scalar reduction of the first.
    return `of ${this.ours.get(to)}`;
  }

  /** The other operand where it has the loop; else, further out, the operand of a consumer that has it. */
  #guide(column: number, row: string): number {
    for (let inner = column; ; ) {
      const user = [...this.ours.keys()].find((each) => this.recorded.operands(each).includes(inner))!;
      const partner = this.recorded
        .operands(user)
        .find((each) => each !== inner && this.#has(this.ours.get(each)!, row));
      if (partner !== undefined) return this.ours.get(partner)!;
      inner = user;
    }
  }

  ownValue(value: ValueCell): string {
    if (value.kind === "read") return "read";
    const of = value.kind === "sum" ? value.of : value;
    const operands = of.operands.map((column) => this.table.columns[column]!.again ?? column);
    const operation = `${of.operation ?? ""}(${operands})`;
    if (value.kind === "operation") return operation;
    return value.order > 0 ? `sum ${value.order} of ${operation}` : `${value.operation} of ${operation}`;
  }

  theirValue(column: number): string {
    const text = this.recorded.value(column);
    if (text.startsWith("ValRead")) return "read";
    const operands = this.recorded.operands(column).map((each) => this.ours.get(each));
    const operation = /(mul|add|sub|div|relu|exp|maxReduce|reduce)\(/.exec(text)![1]!;
    const sum = /^Spacc(\d)/.exec(text)?.[1];
    if (sum !== undefined) return `sum ${sum} of ${operation}(${operands})`;
    if (operation === "maxReduce") return `max of (${operands})`;
    return operation === "reduce" ? `add of (${operands})` : `${operation}(${operands})`;
  }

  /** Values of a sum are joined with the innermost loop that it makes. */
  joinedValue(column: number): string {
    const last = this.rows.findLast((row) => this.#has(this.ours.get(column)!, row))!;
    const text = this.recorded.value(column);
    const joined = this.joinText(column, last);
    return text.startsWith("Spacc") && !joined.startsWith("Spacc") ? joined : text;
  }

  /** What a cell is once joins are put in: the text of our join around the texts of their cells. */
  joinText(column: number, row: string): string {
    const own = this.recorded.filled[column]![this.recorded.rows.indexOf(row)]!;
    const ours = this.ours.get(column)!;
    const here = this.table.joins.filter((join) => join.row === this.#loops.get(row));
    const around = here.map((join) => this.#members(join, row)).filter(({ cells }) => cells.includes(ours));
    if (around.length === 0) return own;
    const { text, cells } = around.reduce((most, each) => (each.cells.length > most.cells.length ? each : most));
    return `${text}[${cells.indexOf(ours)}]`;
  }

  #members(
    join: FusionTable["joins"][number],
    row: string,
  ): { readonly text: string; readonly cells: readonly number[] } {
    const cells: number[] = [];
    const texts: string[] = [];
    const name = join.kind === "union" ? "Union" : "Intersect";
    for (const member of join.members) {
      const inner = this.#innerJoin(member, row);
      if (inner === null) {
        const cell = this.#source(member, row);
        cells.push(cell);
        const theirs = [...this.ours].find(([, ours]) => ours === cell)![0];
        texts.push(this.recorded.filled[theirs]![this.recorded.rows.indexOf(row)]!);
        continue;
      }
      const within = this.#members(inner, row);
      cells.push(...within.cells);
      const same = (inner.kind === "union") === (join.kind === "union");
      texts.push(
        same
          ? within.text.slice(within.text.indexOf("(") + 1, -1)
          : within.cells.map((_, at) => `${within.text}[${at}]`).join(", "),
      );
    }
    return { text: `${name}_${row}(${texts.join(", ")})`, cells };
  }

  #innerJoin(column: number, row: string): FusionTable["joins"][number] | null {
    const loop = this.#loops.get(row)!;
    const join = this.table.joins.find((each) => each.result === column && each.row === loop);
    if (join !== undefined) return join;
    const cell = this.table.columns[column]!.cells[this.rows.indexOf(row)]!;
    return cell.kind === "of" ? this.#innerJoin(cell.column, row) : null;
  }

  #source(column: number, row: string): number {
    const cell = this.table.columns[column]!.cells[this.rows.indexOf(row)]!;
    return cell.kind === "of" ? this.#source(cell.column, row) : column;
  }
}
