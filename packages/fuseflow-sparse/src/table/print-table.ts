/** Fusion tables as text, in the notation of the paper. */
import type { CellPlace, FusionCell, FusionColumn, FusionTable, ValueCell } from "./fusion-table.ts";

/** How a table is laid out. */
export interface PrintTableOptions {
  /** Characters a line may have before further columns go below; 140 unless given. */
  readonly width?: number;
}

/**
 * Prints a fusion table: `LS` scans a level, `Rep` repeats, `<A_i>` is the stream of A at loop i, `Red1_k` sums over k around
 * one kept loop; a sign behind a cell says that it is joined: `∩` or `∪`, or `⊇` where the first operand decides. `again` is a further use.
 *
 * @example
 * const program = parseProgram("input B(4,4): ss\ninput c(4): s\ny(i) = B(i,j) * c(j)");
 * const region = expandRegion(program, { name: "y", tensors: ["y"] });
 * const { tensors } = compileProgram(program);
 * printFusionTable(fusionTable(region, ["i", "j"], tensors)).split("\n")[2]; // => "j   | LS(<B_i>) ∩ | LS(<c_i>) ∩     | <y_i>"
 */
export function printFusionTable(table: FusionTable, { width = 140 }: PrintTableOptions = {}): string {
  const names = uniqueNames(table.columns);
  const heading = ["", ...table.rows, "val"];
  const body = table.columns.map((column, at) => columnTexts(table, { column, at, names }));
  const first = Math.max(...heading.map((text) => text.length));
  const blocks: string[] = [];
  for (let from = 0; from < body.length; ) {
    let taken = first;
    let to = from;
    for (; to < body.length; to++) {
      const wide = Math.max(...body[to]!.map((text) => text.length)) + 3;
      if (to > from && taken + wide > width) break;
      taken += wide;
    }
    blocks.push(linesOf([heading, ...body.slice(from, to)]));
    from = to;
  }
  return blocks.join("\n");
}

interface NamedColumn {
  readonly column: FusionColumn;
  readonly at: number;
  readonly names: readonly string[];
}

function columnTexts(table: FusionTable, { column, at, names }: NamedColumn): readonly string[] {
  const heading = `${names[at]}(${column.variables.join(",")})`;
  const repeated = (text: string): string =>
    column.repeats.reduce((inner, place) => `Rep(${inner},${placeText(place, names)})`, text);
  if (column.again !== null) return [heading, ...table.rows.map(() => "again"), repeated("again")];
  const signs = new Map(table.joins.filter(({ members }) => members.includes(at)).map(({ row, kind }) => [row, kind]));
  const cells = column.cells.map((cell, place) => {
    const row = table.rows[place]!;
    const kind = signs.get(row);
    const sign = kind === undefined ? "" : { intersect: " ∩", union: " ∪", follow: " ⊇" }[kind];
    return `${cellText(cell, { at, row, names })}${sign}`;
  });
  return [heading, ...cells, repeated(valueText(column.value!, names))];
}

function cellText(
  cell: FusionCell,
  { at, row, names }: { readonly at: number; readonly row: string; readonly names: readonly string[] },
): string {
  const before = (from: string): string => (from === "root" ? "root" : stream(names[at]!, from));
  switch (cell.kind) {
    case "root":
      return "root";
    case "scan":
      return `LS(${before(cell.from)})`;
    case "repeat":
      return `Rep(${before(cell.from)},${placeText(cell.guide, names)})`;
    case "same":
      return stream(names[at]!, cell.row);
    case "of":
      return stream(names[cell.column]!, row);
    case "sum":
      return `Red${cell.order}_${cell.over}[crd${cell.port}]`;
  }
}

function valueText(value: ValueCell, names: readonly string[]): string {
  if (value.kind === "read") return "Val";
  const of = (operation: string | null, operands: readonly number[]): string => {
    const list = operands.map((operand) => names[operand]).join(",");
    return operation === null ? list : `${operation}(${list})`;
  };
  if (value.kind === "operation") return of(value.operation, value.operands);
  if (value.order > 0) return `Red${value.order}_${value.over[0]}[val]`;
  const reducer = value.operation === "max" ? "Max" : "Red";
  return `${reducer}_${value.over.join(",")}(${of(value.of.operation, value.of.operands)})`;
}

const stream = (name: string, row: string): string => `<${name}_${row}>`;
const placeText = ({ column, row }: CellPlace, names: readonly string[]): string => stream(names[column]!, row);

/** Names of columns; further columns of one name are numbered, uses of a column have its name. */
function uniqueNames(columns: readonly FusionColumn[]): readonly string[] {
  const taken = new Map<string, number>();
  const names: string[] = [];
  for (const { name, again } of columns) {
    if (again !== null) {
      names.push(names[again]!);
      continue;
    }
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    names.push(count === 1 ? name : `${name}'${count}`);
  }
  return names;
}

function linesOf(columns: readonly (readonly string[])[]): string {
  const widths = columns.map((texts) => Math.max(...texts.map((text) => text.length)));
  const lines = columns[0]!.map((_, line) =>
    columns
      .map((texts, at) => texts[line]!.padEnd(widths[at]!))
      .join(" | ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}
