/** The tour's one table, for people and for programs. */
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatRatio } from "../terminal/quantity.ts";
import { renderTable, type TableColumn } from "../terminal/table.ts";
import type { StopRun, VariantRun } from "./run-stop.ts";

const columns: readonly TableColumn[] = [
  { heading: "kernel", align: "left" },
  { heading: "variant", align: "left" },
  { heading: "cycles", align: "right" },
  { heading: "tokens", align: "right" },
  { heading: "bytes", align: "right" },
  { heading: "speed-up", align: "right" },
  { heading: "values checked", align: "right" },
];

/** The slowest variant of a stop, which the others are measured against. */
export function slowestOf({ variants }: StopRun): VariantRun {
  return variants.reduce((slowest, variant) => (variant.cycles > slowest.cycles ? variant : slowest));
}

/** The fastest variant of a stop. */
export function fastestOf({ variants }: StopRun): VariantRun {
  return variants.reduce((fastest, variant) => (variant.cycles < fastest.cycles ? variant : fastest));
}

/** How much faster a variant is than the slowest of its stop; empty where there is nothing to compare. */
export function speedUp(variant: VariantRun, run: StopRun): string {
  return run.variants.length === 1 ? "" : formatRatio(slowestOf(run).cycles / variant.cycles);
}

/** A check in a table cell: how many values were compared, and how many of them are wrong if any is. */
export function checkedCell({ compared, differing }: Pick<VariantRun, "compared" | "differing">): string {
  return differing === 0
    ? `${formatCount(compared)} ok`
    : `${formatCount(differing)} of ${formatCount(compared)} WRONG`;
}

/** Bytes in a table cell; empty where memory was not modelled. */
export function bytesCell({ bytes }: VariantRun): string {
  return bytes === null ? "" : formatBytes(bytes);
}

/** The table as text. */
export function tourTable(runs: readonly StopRun[]): string {
  const rows = runs.flatMap((run) =>
    run.variants.map((variant, at) => [
      at === 0 ? run.stop.title : "",
      variant.name,
      formatCount(variant.cycles),
      formatCount(variant.tokens),
      bytesCell(variant),
      speedUp(variant, run),
      checkedCell(variant),
    ]),
  );
  return renderTable(columns, rows);
}

/** The table as values: a row for each variant. */
export function tourRows(runs: readonly StopRun[]): JsonValue[] {
  return runs.flatMap((run) =>
    run.variants.map(({ name, cycles, tokens, operations, bytes, compared, differing, largestError, kernels }) => ({
      stop: run.stop.id,
      kernel: run.stop.title,
      variant: name,
      cycles,
      tokens,
      operations,
      bytes,
      speedUp: slowestOf(run).cycles / cycles,
      checked: { compared, differing, largestError },
      kernels: kernels.map(({ kernel, run: { report } }) => ({
        expression: kernel.expression,
        order: kernel.order,
        formats: kernel.formats,
        cycles: report.cycles,
      })),
    })),
  );
}
