/** A chart for each kind of figure of an exploration. */
import type { FigureData, FigureValue } from "@millrace/fuseflow-sparse";
import { drawColumns } from "../../report/column-chart.ts";
import { drawLines } from "../../report/line-chart.ts";
import type { Markup } from "../../report/markup.ts";

type Row = FigureData["rows"][number];

/** The chart of a figure; null for what is a table in the paper too. */
export function drawFigure(figure: FigureData): Markup | null {
  switch (figure.name) {
    case "fusion":
      return columnsBy(figure, {
        group: "data",
        series: "granularity",
        value: "speedUp",
        unit: "speed-up over unfused",
      });
    case "work":
      return workChart(figure);
    case "data":
      return drawLines({
        label: figure.title,
        across: "stored fraction",
        up: "speed-up over unfused",
        lines: linesBy(figure.rows, {
          name: (row) => `${row.pattern}, ${row.granularity}`,
          x: "density",
          y: "speedUp",
        }).filter(({ name }) => !name.endsWith(", unfused")),
      });
    case "lanes":
      return drawLines({
        label: figure.title,
        across: "lanes",
        up: "speed-up over one lane",
        lines: linesBy(figure.rows, { name: (row) => `${row.granularity}`, x: "total", y: "speedUp" }),
      });
    case "blocks":
      return drawLines({
        label: figure.title,
        across: "edge of tiles",
        up: "speed-up over numbers",
        lines: linesBy(figure.rows, { name: (row) => `${row.granularity}`, x: "block", y: "speedUp" }),
      });
    case "orders":
      return columnsBy(figure, { group: "order", series: "granularity", value: "cycles", unit: "cycles", log: true });
    case "estimates":
      return drawLines({
        label: "Estimated against simulated cycles",
        across: "cycles, simulated",
        up: "cycles, estimated",
        lines: linesBy(figure.rows, { name: (row) => `${row.granularity}`, x: "cycles", y: "estimatedCycles" }),
        diagonal: true,
        scattered: true,
      });
    case "order-counts":
      return null;
  }
}

interface ColumnChoice {
  readonly group: string;
  readonly series: string;
  readonly value: string;
  readonly unit: string;
  readonly log?: boolean;
}

function columnsBy({ title, rows }: FigureData, { group, series, value, unit, log = false }: ColumnChoice): Markup {
  const names = distinct(rows.map((row) => row[series] ?? null));
  const groups = distinct(rows.map((row) => row[group] ?? null)).map((name) => ({
    name: group === "order" ? `order ${name}` : name,
    values: names.map((each) => {
      const row = rows.find((one) => `${one[group]}` === name && `${one[series]}` === each);
      return numberOf(row?.[value] ?? null);
    }),
  }));
  const line = value === "speedUp" ? { line: 1 } : {};
  return drawColumns({ label: title, unit, scale: log ? "log" : "linear", series: names, groups, ...line });
}

/** Work beside that of the unfused model. */
function workChart({ title, rows }: FigureData): Markup {
  const base = rows.find(({ fused }) => fused === "unfused") ?? rows[0];
  const share = (row: Row, column: string): number | null => {
    const [own, all] = [numberOf(row[column] ?? null), numberOf(base?.[column] ?? null)];
    return own === null || all === null || all === 0 ? null : own / all;
  };
  return drawColumns({
    label: title,
    unit: "over unfused",
    scale: "linear",
    series: ["operations", "elements moved"],
    groups: rows.map((row) => ({ name: `${row.fused}`, values: [share(row, "flops"), share(row, "elements")] })),
    line: 1,
  });
}

function linesBy(
  rows: readonly Row[],
  { name, x, y }: { readonly name: (row: Row) => string; readonly x: string; readonly y: string },
): readonly { readonly name: string; readonly points: readonly { readonly x: number; readonly y: number }[] }[] {
  return distinct(rows.map(name)).map((each) => ({
    name: each,
    points: rows.flatMap((row) => {
      const [across, up] = [numberOf(row[x] ?? null), numberOf(row[y] ?? null)];
      return name(row) !== each || across === null || up === null || across <= 0 || up <= 0
        ? []
        : [{ x: across, y: up }];
    }),
  }));
}

const numberOf = (value: FigureValue): number | null => (typeof value === "number" ? value : null);
const distinct = (values: readonly FigureValue[]): string[] => [...new Set(values.map((value) => `${value}`))];
