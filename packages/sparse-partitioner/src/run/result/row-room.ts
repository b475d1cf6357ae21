/**
 * Room for what units append without counting it first: a unit appends no more entries than it has work. The first unit
 * appends where the result begins, all others behind the room of the result, each at a place of its own; then what they
 * appended is moved up, and only that. Rows are there as entries are.
 */
import { gapSpec } from "../../lower/close-gaps.ts";
import { clampLayout, type LoopSpec } from "../../lower/loop-spec.ts";
import type { Arena } from "../arena.ts";
import type { PhasePlan } from "../plan-stage.ts";
import type { Buffers, StageKernels } from "../stage-kernels.ts";
import type { RowPart } from "./build-levels.ts";

/** How much room units have. */
export interface Room {
  /** Where each unit appends entries and rows, alternately. */
  readonly starts: Int32Array;
  readonly entries: number;
  readonly rows: number;
  /** Whether units have more room than they need. */
  readonly gaps: boolean;
}

/** Whether no unit has more entries than work: each entry lies at or above an event of its own. */
export function workLimitsEntries({ result, cutVariables, variables }: LoopSpec): boolean {
  if (result.kind === "append") return result.leafDepth <= cutVariables;
  return result.kind === "workspace" && cutVariables === variables.length;
}

/** Room by work. Where units may share entries they are joined later, one after the other, and none lies apart. */
export function roomByWork({ plan }: PhasePlan, shared: boolean, arena: Arena): Room {
  const { cuts, units, work } = plan;
  const starts = arena.i32(2 * units);
  // What lies behind the room of the result: all but the first unit's.
  const behind = shared ? 0 : work - cuts[1]!.work;
  for (let u = 0; u < units; u++) {
    starts[2 * u] = cuts[u]!.work + (u === 0 ? 0 : behind);
    starts[2 * u + 1] = starts[2 * u]!;
  }
  return { starts, entries: work + behind, rows: work + behind, gaps: true };
}

/** Entries that units appended, with what was left between them. */
export interface GappedEntries {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly units: number;
  /** Values of an entry. */
  readonly width: number;
  /** Coordinates, values and, where rows were ended at once, their positions; otherwise the rows. */
  readonly buffers: Buffers;
  /** Rows to be moved, each once, unless they were ended at once. */
  readonly parts: readonly RowPart[];
  readonly columns: number;
}

/**
 * Moves entries and rows together, and corrects the positions of rows that were ended at once. Returns how many entries
 * there are.
 */
export async function closeGaps(
  kernels: StageKernels,
  { starts, ends, units, width, buffers, parts, columns }: GappedEntries,
  rows: { readonly spec: LoopSpec; readonly table: Int32Array; readonly arena: Arena },
): Promise<number> {
  const { spec, table, arena } = rows;
  const eager = "eagerRows" in spec.result && spec.result.eagerRows;
  const from = arena.i32(units - 1);
  const before = arena.i32(units);
  const firstRows = arena.i32(eager ? units : 0);
  const { size } = clampLayout(spec);
  before[0] = 0;
  for (let u = 1; u < units; u++) {
    from[u - 1] = starts[2 * u]!;
    before[u] = before[u - 1]! + ends[2 * u]! - starts[2 * u]!;
  }
  for (let u = 0; u < firstRows.length; u++) firstRows[u] = table[(u + 1) * size]!;
  const place = arena.i32(3);
  const moved = columns > 0 ? movedRows(parts, arena) : undefined;
  place.set([ends[0]!, width, moved?.place ?? 0]);
  const own = { ...buffers, from, before, place, ...(eager ? { rows: firstRows } : {}), ...moved?.buffers };
  await kernels.execute(gapSpec(eager, columns), units, own);
  return ends[0]! + before[units - 1]!;
}

/** Where the rows of all parts but one at the very front come from, and where the first of them goes. */
function movedRows(parts: readonly RowPart[], arena: Arena): { readonly place: number; readonly buffers: Buffers } {
  const [first] = parts;
  const place = first?.from === 0 ? first.until : 0;
  const behind = place > 0 ? parts.slice(1) : parts;
  const from = arena.i32(behind.length);
  const before = arena.i32(behind.length + 1);
  const falls = arena.i32(behind.length);
  before[0] = 0;
  behind.forEach((part, at) => {
    from[at] = part.from;
    falls[at] = part.gap;
    before[at + 1] = before[at]! + part.until - part.from;
  });
  return { place, buffers: { rows_from: from, rows_before: before, rows_gap: falls } };
}

/** The rows of each unit, and by how much its entries were moved. */
export function rowParts(starts: Int32Array, ends: Int32Array): RowPart[] {
  const parts: RowPart[] = [];
  let entries = 0;
  for (let at = 0; at < starts.length; at += 2) {
    parts.push({ from: starts[at + 1]!, until: ends[at + 1]!, gap: starts[at]! - entries });
    entries += ends[at]! - starts[at]!;
  }
  return parts;
}
