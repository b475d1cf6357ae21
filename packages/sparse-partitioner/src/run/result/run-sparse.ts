/**
 * Sparse results. Units append at once, into arrays that hold all that there could be, and what they leave free is closed
 * up. Where that would be too much room they make two passes over the same cuts: they count what they will append, then
 * append it where the others' ends.
 */
import { formatOf, type Tensor } from "@millrace/tensor";
import { PartitionError } from "../../errors.ts";
import { countingSpec, type LoopSpec, lateRowsSpec } from "../../lower/loop-spec.ts";
import { type Arena, tailOf } from "../arena.ts";
import { specOf } from "../plan-stage.ts";
import type { Buffers, StageKernels } from "../stage-kernels.ts";
import { levelsFromRows, type Rows } from "./build-levels.ts";
import { distinctRows } from "./compressed-levels.ts";
import { entryLimit } from "./entry-limit.ts";
import { joinSegments } from "./join-segments.ts";
import { closeGaps, type Room, roomByWork, rowParts, workLimitsEntries } from "./row-room.ts";
import type { FinalPlan } from "./run-dense.ts";

/** Entries for which room is made without counting them first. */
const maximumUncounted = 2 ** 27;

/** Runs the loops of a stage whose result is sparse. @throws {PartitionError} `result-too-large` */
export async function runSparse(kernels: StageKernels, plan: FinalPlan): Promise<Tensor> {
  const arena = kernels.arena();
  try {
    return await new SparseRun(kernels, plan, arena).run();
  } finally {
    arena.release();
  }
}

class SparseRun {
  readonly #kernels: StageKernels;
  readonly #plan: FinalPlan;
  readonly #arena: Arena;
  readonly #units: number;
  readonly #spec: LoopSpec;
  /** Compressed level of the entries; the prefixes of the levels above are rows. */
  readonly #leaf: number;
  /** Values of an entry. */
  readonly #width: number;

  constructor(kernels: StageKernels, plan: FinalPlan, arena: Arena) {
    this.#kernels = kernels;
    this.#plan = plan;
    this.#arena = arena;
    this.#units = plan.phase?.plan.units ?? 1;
    const { stage } = kernels;
    const at = Math.max(0, stage.phases.length - 1);
    const clamped = plan.phase !== undefined;
    const spec = specOf(stage, at, { survivors: plan.survivors, clamped, countOnly: false });
    const { result } = spec;
    // Rows are ended at once only where no two units can have entries at one coordinate.
    const late = "eagerRows" in result && result.eagerRows && sharesEntries(spec);
    this.#spec = late ? lateRowsSpec(spec) : spec;
    this.#leaf = stage.result.sparse.lastIndexOf(true);
    const tail = stage.result.variables.slice(this.#leaf + 1);
    this.#width = tail.reduce((all, name) => all * kernels.size(name), 1);
  }

  async run(): Promise<Tensor> {
    const { stage } = this.#kernels;
    const arena = this.#arena;
    const { phase, survivors } = this.#plan;
    const clamps =
      phase === undefined ? undefined : this.#kernels.clamps(this.#spec, { tuples: phase.tuples, survivors }, arena);
    const workspace = this.#kernels.workspace(this.#spec, arena);
    const room = await this.#room({ ...clamps?.buffers, ...workspace });
    const width = this.#width;
    const eager = "eagerRows" in this.#spec.result && this.#spec.result.eagerRows;
    const columns = Array.from({ length: eager ? 0 : this.#leaf }, () => arena.i32(room.rows));
    const leafPositions = arena.i32(eager ? 1 : room.rows + 1);
    leafPositions[0] = 0;
    const ends = tailOf(leafPositions);
    const coordinates = arena.i32(room.entries);
    const values = arena.f64(room.entries * width);
    const unitEnds = arena.i32(2 * this.#units);
    const rows = Object.fromEntries(columns.map((column, l) => [`row${l}`, column]));
    const rowPositions = arena.i32(eager ? this.#kernels.size(stage.result.variables[0]!) + 1 : 0);
    if (eager) rowPositions[0] = 0;
    await this.#kernels.execute(this.#spec, this.#units, {
      ...clamps?.buffers,
      ...workspace,
      unit_start: room.starts,
      unit_end: unitEnds,
      row_end: ends,
      ...rows,
      row_pos: rowPositions,
      out_crd: coordinates,
      out_val: values,
    });
    const last = 2 * (this.#units - 1);
    const shares = this.#units > 1 && sharesEntries(this.#spec);
    const { table } = clamps ?? {};
    const ended = eager ? { row_pos: rowPositions } : columns.length > 0 ? { ...rows, row_end: ends } : {};
    const buffers = { out_crd: coordinates, out_val: values, ...ended };
    const parts = shares || eager ? [] : distinctRows({ columns, count: 0, parts: rowParts(room.starts, unitEnds) });
    const found = parts.reduce((all, { from, until }) => all + until - from, 0);
    const gapped = {
      ...{ starts: room.starts, ends: unitEnds, units: this.#units, width },
      ...{ buffers, parts, columns: columns.length },
    };
    const closed = room.gaps && !shares && table !== undefined;
    const count = closed ? await closeGaps(this.#kernels, gapped, { spec: this.#spec, table, arena }) : unitEnds[last]!;
    if (eager) return this.#rowTensor(arena.keep(rowPositions, rowPositions.length), { coordinates, values, count });
    if (!shares) {
      const written: Rows = { columns, ends, positions: leafPositions, count: found, ...(closed ? {} : { parts }) };
      return this.#tensor(written, arena.keep(coordinates, count), arena.keep(values, count * width));
    }
    const part = (array: Int32Array, offset: number): number[] =>
      Array.from({ length: this.#units }, (_, u) => array[2 * u + offset]!);
    const joined = joinSegments({
      units: this.#units,
      entryStart: part(room.starts, 0),
      entryEnd: part(unitEnds, 0),
      rowStart: part(room.starts, 1),
      rowEnd: part(unitEnds, 1),
      rows: { columns, ends, count: room.rows },
      coordinates,
      values,
      width,
    });
    return this.#tensor(joined.rows, joined.coordinates, joined.values);
  }

  /** Counts what each unit will append, unless there is one unit and room for anything it could. */
  async #room(buffers: Buffers): Promise<Room> {
    const units = this.#units;
    const { stage } = this.#kernels;
    if (units === 1) {
      const limit = entryLimit(stage);
      if (limit * this.#width <= maximumUncounted) {
        const starts = this.#arena.i32(2).fill(0);
        const prefixes = stage.result.variables.slice(0, this.#leaf);
        const rows = prefixes.reduce((all, name) => Math.min(limit, all * this.#kernels.size(name)), 1);
        return { starts, entries: limit, rows, gaps: false };
      }
    }
    const { phase } = this.#plan;
    if (phase !== undefined && workLimitsEntries(this.#spec) && 2 * phase.plan.work * this.#width <= maximumUncounted)
      return roomByWork(phase, sharesEntries(this.#spec), this.#arena);
    const starts = this.#arena.i32(2 * units);
    const ends = this.#arena.i32(2 * units);
    const steps = this.#arena.i64(units);
    await this.#kernels.execute(countingSpec(this.#spec), units, { ...buffers, unit_end: ends, steps });
    return { starts, ...scan(starts, ends), gaps: false };
  }

  #rowTensor(
    positions: Int32Array,
    parts: { readonly coordinates: Int32Array; readonly values: Float64Array; readonly count: number },
  ): Tensor {
    const { variables } = this.#kernels.stage.result;
    const coordinates = this.#arena.keep(parts.coordinates, parts.count);
    const upper: Tensor["levels"] = [
      { kind: "dense", size: this.#kernels.size(variables[0]!) },
      { kind: "compressed", size: this.#kernels.size(variables[1]!), positions, coordinates },
    ];
    return this.#stored(upper, this.#arena.keep(parts.values, parts.count * this.#width));
  }

  #tensor(rows: Rows, coordinates: Int32Array, values: Float64Array): Tensor {
    const { variables, sparse } = this.#kernels.stage.result;
    const shape = { sizes: variables.map((name) => this.#kernels.size(name)), sparse };
    return this.#stored(levelsFromRows(rows, shape, { coordinates, arena: this.#arena }), values);
  }

  #stored(upper: Tensor["levels"], values: Float64Array): Tensor {
    const { variables, sparse } = this.#kernels.stage.result;
    const sizes = variables.map((name) => this.#kernels.size(name));
    const dense = sizes.slice(upper.length).map((size) => ({ kind: "dense" as const, size }));
    return {
      shape: sizes,
      format: formatOf(sparse.map((isSparse) => (isSparse ? "compressed" : "dense"))),
      levels: [...upper, ...dense],
      valueType: "float64",
      values,
    };
  }
}

/** Whether two units may both append an entry at one coordinate. */
function sharesEntries({ result, cutVariables }: LoopSpec): boolean {
  if (result.kind === "workspace") return cutVariables > 0;
  return result.kind === "append" && cutVariables > result.leafDepth;
}

/** Where each unit appends, given how much each will: entries and rows, alternately. */
export function scan(starts: Int32Array, ends: Int32Array): { readonly entries: number; readonly rows: number } {
  let entries = 0;
  let rows = 0;
  for (let at = 0; at < ends.length; at += 2) {
    starts[at] = entries;
    starts[at + 1] = rows;
    entries += ends[at]!;
    rows += ends[at + 1]!;
  }
  if (entries <= 2 ** 31 - 1) return { entries, rows };
  throw new PartitionError("result-too-large", `a result of ${entries} entries; at most 2^31 - 1`);
}
