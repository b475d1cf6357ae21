/**
 * Sparse results, in two passes over the same cuts: units count what they will append, then append it where the others'
 * ends. A single unit appends at once, into arrays that hold all that there could be.
 */
import { formatOf, type Tensor } from "@millrace/tensor";
import { PartitionError } from "../errors.ts";
import { countingSpec, type LoopSpec, lateRowsSpec } from "../lower/loop-spec.ts";
import type { Arena } from "./arena.ts";
import { levelsFromRows, type Rows } from "./build-levels.ts";
import { entryLimit } from "./entry-limit.ts";
import { joinSegments } from "./join-segments.ts";
import { specOf } from "./plan-stage.ts";
import type { FinalPlan } from "./run-dense.ts";
import type { Buffers, StageKernels } from "./stage-kernels.ts";

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

/** How much room units have, and what is shared among them. */
interface Room {
  readonly starts: Int32Array;
  readonly entries: number;
  readonly rows: number;
}

class SparseRun {
  readonly #kernels: StageKernels;
  readonly #plan: FinalPlan;
  readonly #arena: Arena;
  readonly #units: number;
  readonly #spec: LoopSpec;
  /** Compressed level of the entries; the prefixes of the levels above are rows. */
  readonly #leaf: number;

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
  }

  async run(): Promise<Tensor> {
    const { stage } = this.#kernels;
    const arena = this.#arena;
    const { phase, survivors } = this.#plan;
    const clamps =
      phase === undefined ? {} : this.#kernels.clamps(this.#spec, { tuples: phase.tuples, survivors }, arena).buffers;
    const workspace = this.#kernels.workspace(this.#spec, arena);
    const room = await this.#room({ ...clamps, ...workspace });
    const width = stage.result.variables.slice(this.#leaf + 1).reduce((all, name) => all * this.#kernels.size(name), 1);
    const eager = "eagerRows" in this.#spec.result && this.#spec.result.eagerRows;
    const columns = Array.from({ length: eager ? 0 : this.#leaf }, () => arena.i32(room.rows));
    const ends = arena.i32(eager ? 0 : room.rows);
    const coordinates = arena.i32(room.entries);
    const values = arena.f64(room.entries * width);
    const unitEnds = arena.i32(2 * this.#units);
    const rowPositions = arena.i32(eager ? this.#kernels.size(stage.result.variables[0]!) + 1 : 0);
    if (eager) rowPositions[0] = 0;
    await this.#kernels.execute(this.#spec, this.#units, {
      ...clamps,
      ...workspace,
      unit_start: room.starts,
      unit_end: unitEnds,
      row_end: ends,
      ...Object.fromEntries(columns.map((column, l) => [`row${l}`, column])),
      row_pos: rowPositions,
      out_crd: coordinates,
      out_val: values,
    });
    const last = 2 * (this.#units - 1);
    const count = unitEnds[last]!;
    if (eager) return this.#rowTensor(arena.keep(rowPositions, rowPositions.length), { coordinates, values, count });
    const written: Rows = { columns, ends, count: unitEnds[last + 1]! };
    if (!sharesEntries(this.#spec) || this.#units === 1)
      return this.#tensor(written, arena.keep(coordinates, count), arena.keep(values, count * width));
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
    const starts = this.#arena.i32(2 * units);
    const { stage } = this.#kernels;
    if (units === 1) {
      const limit = entryLimit(stage);
      const width = stage.result.variables
        .slice(this.#leaf + 1)
        .reduce((all, name) => all * this.#kernels.size(name), 1);
      if (limit * width <= maximumUncounted) {
        starts.fill(0);
        const prefixes = stage.result.variables.slice(0, this.#leaf);
        const rows = prefixes.reduce((all, name) => Math.min(limit, all * this.#kernels.size(name)), 1);
        return { starts, entries: limit, rows };
      }
    }
    const ends = this.#arena.i32(2 * units);
    const steps = this.#arena.i64(units);
    await this.#kernels.execute(countingSpec(this.#spec), units, { ...buffers, unit_end: ends, steps });
    return { starts, ...scan(starts, ends) };
  }

  #rowTensor(
    positions: Int32Array,
    parts: { readonly coordinates: Int32Array; readonly values: Float64Array; readonly count: number },
  ): Tensor {
    const { variables } = this.#kernels.stage.result;
    const width = variables.slice(2).reduce((all, name) => all * this.#kernels.size(name), 1);
    const coordinates = this.#arena.keep(parts.coordinates, parts.count);
    const upper: Tensor["levels"] = [
      { kind: "dense", size: this.#kernels.size(variables[0]!) },
      { kind: "compressed", size: this.#kernels.size(variables[1]!), positions, coordinates },
    ];
    return this.#stored(upper, this.#arena.keep(parts.values, parts.count * width));
  }

  #tensor(rows: Rows, coordinates: Int32Array, values: Float64Array): Tensor {
    const { variables, sparse } = this.#kernels.stage.result;
    const shape = { sizes: variables.map((name) => this.#kernels.size(name)), sparse };
    return this.#stored(levelsFromRows(rows, shape, coordinates), values);
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
