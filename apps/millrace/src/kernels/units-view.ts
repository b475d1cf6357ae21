/** Which unit owns which entries of a matrix, in cells few enough to draw. */
import { type KernelOutcome, unitWork } from "@millrace/sparse-partitioner";
import type { UnitsView } from "@millrace/studio";
import { forEachEntry } from "@millrace/tensor";

/** Most cells along the longer side. */
const GRID = 160;

/** Units over the first matrix that the last phase of the last stage walks along its loops; null if it walks none. */
export function unitsView({ stages }: KernelOutcome): UnitsView | null {
  for (const { runner, plan } of [...stages].reverse()) {
    const phase = plan?.phases.at(-1);
    const { stage } = runner;
    const at = stage.operands.findIndex(
      ({ variables }) => variables.length === 2 && variables.every((name, l) => stage.order[l] === name),
    );
    if (phase === undefined || at < 0) continue;
    const { tensor, variables } = stage.operands[at]!;
    const [rows, columns] = tensor.format.modeOrder.map((mode) => tensor.shape[mode]!) as [number, number];
    const scale = Math.max(1, Math.ceil(Math.max(rows, columns) / GRID));
    const width = Math.ceil(columns / scale);
    const cells = new Map<number, Map<number, number>>();
    let unit = 0;
    forEachEntry(tensor, (coordinates) => {
      const key = tensor.format.modeOrder.map((mode) => coordinates[mode]!);
      while (unit < phase.tuples.length - 2 && !isBefore(key, phase.tuples[unit + 1]!)) unit += 1;
      const cell = Math.floor(key[0]! / scale) * width + Math.floor(key[1]! / scale);
      const owners = cells.get(cell) ?? new Map<number, number>();
      owners.set(unit, (owners.get(unit) ?? 0) + 1);
      cells.set(cell, owners);
    });
    const label = `${stage.statement.operands[at]!.tensor}(${variables.join(",")})`;
    const { bound } = phase.plan;
    return { label, rows, columns, scale, ...ownership(cells), work: unitWork(phase.plan), bound };
  }
  return null;
}

/** Whether an entry lies before a cut; a cut that ends at one of its coordinates lies before it. */
function isBefore(key: readonly number[], tuple: readonly number[]): boolean {
  for (let v = 0; v < key.length; v++) {
    if (v >= tuple.length) return false;
    if (key[v] !== tuple[v]) return key[v]! < tuple[v]!;
  }
  return tuple.slice(key.length).some((coordinate) => coordinate > 0);
}

/** For each cell the unit with most of its entries, the first of several. */
function ownership(
  cells: ReadonlyMap<number, ReadonlyMap<number, number>>,
): Pick<UnitsView, "cells" | "owners" | "entries" | "owned"> {
  const found = [...cells].sort(([a], [b]) => a - b);
  const most = found.map(([, owners]) => [...owners].reduce((best, each) => (each[1] > best[1] ? each : best)));
  return {
    cells: found.map(([cell]) => cell),
    owners: most.map(([owner]) => owner),
    entries: found.map(([, owners]) => [...owners.values()].reduce((sum, count) => sum + count, 0)),
    owned: most.map(([, count]) => count),
  };
}
