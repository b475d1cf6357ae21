/** Explored points as a table, and their figures as CSV. */
import type { Explored, FigureData, FigureValue } from "@millrace/fuseflow-sparse";
import { formatBytes, formatCount } from "../../terminal/quantity.ts";
import { renderTable } from "../../terminal/table.ts";

/** The points with the fastest first; those without a graph come last. */
export function ranked(points: readonly Explored[]): readonly Explored[] {
  const cost = ({ cycles }: Explored): number => cycles ?? Number.POSITIVE_INFINITY;
  return points.toSorted((a, b) => cost(a) - cost(b));
}

/** A table of points, each beside the unfused model on the same data. */
export function pointsToText(points: readonly Explored[]): string {
  const tiled = points.some(({ block }) => block > 1);
  const manyData = new Set(points.map(({ data }) => data)).size > 1;
  const unfused = new Map(
    points
      .filter(({ granularity, order, block }) => granularity === "unfused" && order === 0 && block === 1)
      .filter(({ lanes }) => lanes.join() === "1")
      .map(({ data, cycles }) => [data, cycles]),
  );
  const rows = points.map((point) => {
    const { data, granularity, order, lanes, cycles, flops, bytes, nodes } = point;
    const base = unfused.get(data) ?? null;
    return [
      ...(manyData ? [data] : []),
      granularity,
      `${order}`,
      lanes.join("x"),
      ...(tiled ? [`${point.block}`] : []),
      cycles === null ? "-" : formatCount(cycles),
      cycles === null || base === null ? "-" : `${(base / cycles).toFixed(2)}x`,
      formatCount(flops),
      formatBytes(bytes),
      `${nodes}`,
      cycles === null ? "no graph" : checkWord(point),
    ];
  });
  const right = (heading: string) => ({ heading, align: "right" }) as const;
  const left = (heading: string) => ({ heading, align: "left" }) as const;
  const numbers = [
    "order",
    "lanes",
    ...(tiled ? ["tiles"] : []),
    "cycles",
    "speed-up",
    "operations",
    "moved",
    "blocks",
  ].map(right);
  const table = renderTable(
    [...(manyData ? [left("data")] : []), left("granularity"), ...numbers, left("values")],
    rows,
  );
  const reasons = new Set(points.flatMap(({ cycles, reason }) => (cycles === null && reason ? [reason] : [])));
  return [table, ...[...reasons].map((reason) => `no graph: ${reason}\n`)].join("");
}

function checkWord({ checked }: Explored): string {
  if (checked === null) return "not checked";
  return checked ? "ok" : "wrong";
}

/** A figure's data as comma-separated values with a heading (RFC 4180). */
export function figureToCsv({ columns, rows }: FigureData): string {
  const lines = rows.map((row) => columns.map((column) => field(row[column] ?? null)).join(","));
  return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

function field(value: FigureValue): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
