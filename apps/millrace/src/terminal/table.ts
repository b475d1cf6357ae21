/** One column of a table: its heading, and the side its cells keep to. */
export interface TableColumn {
  readonly heading: string;
  readonly align: "left" | "right";
}

/** Prints rows under headings, columns two spaces apart; `rows` run parallel to `columns`. The text ends with a line break. */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, at) =>
    Math.max(displayWidth(column.heading), ...rows.map((row) => displayWidth(row[at] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => pad(cell, widths[at]!, columns[at]!.align))
      .join("  ")
      .trimEnd();
  const headings = line(columns.map((column) => column.heading));
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return `${[headings, rule, ...rows.map(line)].join("\n")}\n`;
}

/** Prints names and values in two columns, for single results. The text ends with a line break. */
export function renderPairs(pairs: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(0, ...pairs.map(([name]) => displayWidth(name)));
  return pairs
    .map(([name, value]) => `${pad(name, width, "left")}  ${value}`.trimEnd())
    .join("\n")
    .concat("\n");
}

function pad(cell: string, width: number, align: "left" | "right"): string {
  const gap = " ".repeat(Math.max(0, width - displayWidth(cell)));
  return align === "left" ? cell + gap : gap + cell;
}

// Counts code points, which is right for everything the tables print (no wide or combining characters).
function displayWidth(text: string): number {
  return [...text].length;
}
