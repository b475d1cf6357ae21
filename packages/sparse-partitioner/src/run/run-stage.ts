/** Runs a statement: phases in turn, then the loops that compute its result, then what joins the units' parts. */

import type { BufferArray, Kernel } from "@millrace/loop-ir";
import type { Tensor } from "@millrace/tensor";
import { formatOf } from "@millrace/tensor";
import { PartitionError } from "../errors.ts";
import { clampLayout, type LoopSpec } from "../lower/loop-spec.ts";
import { lowerLoops } from "../lower/lower.ts";
import { bitWords } from "../lower/workspace-result.ts";
import { levelsFromRows, type Rows } from "./build-levels.ts";
import { clampTable } from "./clamp-table.ts";
import type { Engine } from "./engine.ts";
import { joinSegments } from "./join-segments.ts";
import { needsRun, type PhasePlan, type PlanOptions, planPhase, type Survivors, specOf } from "./plan-stage.ts";
import type { Stage } from "./stage.ts";

/** Elements of a dense result, at most. */
const maximumElements = 2 ** 29;

/** A stage with its compiled loops: made once, planned and run as often as wanted. */
export class StageRunner {
  readonly stage: Stage;
  readonly #engine: Engine;
  readonly #kernels = new Map<string, Promise<Kernel>>();
  readonly #operandBuffers = new Map<string, BufferArray>();

  constructor(stage: Stage, engine: Engine) {
    this.stage = stage;
    this.#engine = engine;
    stage.operands.forEach(({ tensor }, at) => {
      const { name } = stage.spec[at]!;
      tensor.levels.forEach((level, l) => {
        if (level.kind !== "compressed") return;
        this.#operandBuffers.set(`${name}_pos${l}`, level.positions);
        this.#operandBuffers.set(`${name}_crd${l}`, level.coordinates);
      });
      this.#operandBuffers.set(`${name}_val`, tensor.values as Float64Array);
    });
  }

  /** Divides all phases, running those whose survivors the next one divides. */
  async plan(options: PlanOptions): Promise<StagePlan> {
    const phases: PhasePlan[] = [];
    let survivors: Survivors | undefined;
    for (let at = 0; at < this.stage.phases.length; at++) {
      const run = needsRun(this.stage, at);
      const last = at === this.stage.phases.length - 1;
      if (!run && !last) continue;
      const phase = planPhase(this.stage, at, survivors, options);
      phases.push(phase);
      if (run) survivors = await this.#findSurvivors(at, phase, survivors);
    }
    return { phases, survivors };
  }

  /** The nests of a plan, for printing: one for each phase that runs. */
  specs(units: number): LoopSpec[] {
    const survivors: Survivors = { levels: [], count: 0, positions: new Map() };
    const clamped = units > 1;
    const found: LoopSpec[] = [];
    let earlier: Survivors | undefined;
    for (let at = 0; at < Math.max(1, this.stage.phases.length); at++) {
      const last = at >= this.stage.phases.length - 1;
      if (!last && !needsRun(this.stage, at)) continue;
      found.push(specOf(this.stage, at, { survivors: earlier, clamped, countOnly: false }));
      if (!last) earlier = survivors;
    }
    return found;
  }

  /** Computes the result by a plan; without one, in one unit. */
  async run(plan: StagePlan | undefined): Promise<Tensor> {
    const { final } = this.stage;
    if (final.kind === "dense") return this.#runDense(plan);
    return this.#runSparse(plan);
  }

  /** Steps of each unit of each phase, counted without storing anything. */
  async steps({ phases, survivors }: StagePlan): Promise<number[][]> {
    const counted: number[][] = [];
    for (const phase of phases) {
      const at = this.stage.phases.indexOf(phase.phase);
      const earlier = at === this.stage.phases.length - 1 ? survivors : undefined;
      const { counts } = await this.#count(at, phase, earlier);
      counted.push([...counts.steps].map(Number));
    }
    if (phases.length === 0) counted.push([1]);
    return counted;
  }

  async #findSurvivors(at: number, phase: PhasePlan, earlier: Survivors | undefined): Promise<Survivors> {
    const { stage } = this;
    const { counts, spec, clamps } = await this.#count(at, phase, earlier);
    const units = phase.plan.units;
    const { starts, entries, rows } = scan(counts.ends, units);
    const fill: LoopSpec = { ...spec, countOnly: false };
    const depth = spec.variables.length;
    const columns = Array.from({ length: depth - 1 }, () => new Int32Array(rows));
    const ends = new Int32Array(rows);
    const coordinates = new Int32Array(entries);
    const reached = spec.result.kind === "survivors" ? spec.result.operands : [];
    const positions = new Map(reached.map((operand) => [operand, new Int32Array(entries)]));
    await this.#execute(fill, units, {
      clamps,
      ...this.#survivorBuffers(earlier),
      unit_start: starts,
      unit_end: new Int32Array(2 * units),
      ...rowBuffers(columns, ends),
      out_crd: coordinates,
      ...Object.fromEntries([...positions].map(([operand, array]) => [`${stage.spec[operand]!.name}_to`, array])),
    });
    const shape = { sizes: stage.sizes.slice(0, depth), sparse: stage.sizes.slice(0, depth).map(() => true) };
    const levels = levelsFromRows({ columns, ends, count: rows }, shape, coordinates);
    return { levels, count: entries, positions };
  }

  async #count(at: number, { plan, tuples }: PhasePlan, survivors: Survivors | undefined) {
    const spec = specOf(this.stage, at, { survivors, clamped: true, countOnly: true });
    const clamps = this.#clamps(spec, tuples, survivors);
    const ends = new Int32Array(2 * plan.units);
    const steps = new BigInt64Array(plan.units);
    await this.#execute(spec, plan.units, {
      clamps,
      ...this.#survivorBuffers(survivors),
      ...this.#workspace(spec),
      unit_end: ends,
      steps,
    });
    return { spec, clamps, counts: { ends, steps } };
  }

  #clamps(spec: LoopSpec, tuples: PhasePlan["tuples"], survivors: Survivors | undefined): Int32Array {
    return clampTable({
      spec,
      sizes: this.stage.sizes,
      levels: this.stage.operands.map(({ tensor }) => tensor.levels),
      ...(survivors === undefined ? {} : { survivors }),
      tuples,
    });
  }

  async #runDense(plan: StagePlan | undefined): Promise<Tensor> {
    const { stage } = this;
    const { final, result } = stage;
    if (final.kind !== "dense") throw new PartitionError("partition-broken", "a sparse result is no dense one");
    const sizes = final.storage.map((v) => stage.sizes[v]!);
    const total = sizes.reduce((product, size) => product * size, 1);
    if (total > maximumElements)
      throw new PartitionError("result-too-large", `a dense result of ${total} elements; at most ${maximumElements}`);
    const width = final.storage.reduce(
      (product, v) => (final.reduces && v >= final.rowDepth ? product * stage.sizes[v]! : product),
      1,
    );
    const phase = plan?.phases.at(-1);
    const units = phase?.plan.units ?? 1;
    const clamped = phase !== undefined && units > 1;
    const carries = clamped && final.reduces ? units * width : 0;
    if (total + carries > maximumElements)
      throw new PartitionError("result-too-large", `${units} carries of ${width} elements; use fewer units`);
    const out = new Float64Array(total + carries);
    const at = Math.max(0, stage.phases.length - 1);
    const survivors = clamped ? plan?.survivors : undefined;
    const spec = specOf(stage, at, { survivors, clamped, countOnly: false });
    const clamps = clamped ? { clamps: this.#clamps(spec, phase.tuples, survivors) } : {};
    await this.#execute(spec, units, { ...clamps, ...this.#survivorBuffers(survivors), out });
    if (carries > 0) this.#addCarries(out, { units, width, total }, spec, clamps.clamps!);
    const kinds = result.variables.map(() => "dense" as const);
    return {
      shape: sizes,
      format: formatOf(kinds),
      levels: sizes.map((size) => ({ kind: "dense", size })),
      valueType: "float64",
      values: out.subarray(0, total),
    };
  }

  /** Adds what units left for rows that an earlier unit began, in the order of the units. */
  #addCarries(
    out: Float64Array,
    { units, width, total }: { readonly units: number; readonly width: number; readonly total: number },
    spec: LoopSpec,
    clamps: Int32Array,
  ): void {
    const { final, sizes } = this.stage;
    if (final.kind !== "dense") return;
    const layout = clampLayout(spec);
    const prefix = final.storage.filter((v) => v < final.rowDepth);
    for (let u = 0; u < units; u++) {
      const record = u * layout.size;
      const depth = clamps[record + layout.depth]!;
      if (final.rowDepth > 0 && depth <= final.rowDepth) continue;
      const row = prefix.reduce((place, v) => place * sizes[v]! + clamps[record + v]!, 0);
      if (row * width >= total) continue;
      for (let w = 0; w < width; w++) out[row * width + w] = out[row * width + w]! + out[total + u * width + w]!;
    }
  }

  async #runSparse(plan: StagePlan | undefined): Promise<Tensor> {
    const { stage } = this;
    const { final } = stage;
    const phase = plan?.phases.at(-1);
    const units = phase?.plan.units ?? 1;
    const at = Math.max(0, stage.phases.length - 1);
    const clamped = phase !== undefined && units > 1;
    const survivors = clamped ? plan?.survivors : undefined;
    const spec = this.#sparseSpec(specOf(stage, at, { survivors, clamped, countOnly: false }), clamped);
    const clamps = clamped ? { clamps: this.#clamps(spec, phase.tuples, survivors) } : {};
    const shared = this.#sharesEntries(spec);
    const ends = await this.#countEntries(spec, units, { ...clamps, ...this.#survivorBuffers(survivors) });
    const { starts, entries, rows } = scan(ends, units);
    const leaf = stage.result.sparse.lastIndexOf(true);
    const width = stage.result.variables.slice(leaf + 1).reduce((product, name) => product * this.#size(name), 1);
    const columns = Array.from({ length: leaf }, () => new Int32Array(rows));
    const rowEnds = new Int32Array(rows);
    const coordinates = new Int32Array(entries);
    const values = new Float64Array(entries * width);
    const unitEnds = new Int32Array(2 * units);
    const eager = (final.kind === "append" || final.kind === "workspace") && spec.result.kind === final.kind;
    const rowPositions = eager ? new Int32Array(this.#size(stage.result.variables[0]!) + 1) : new Int32Array(0);
    await this.#execute(spec, units, {
      ...clamps,
      ...this.#survivorBuffers(survivors),
      ...this.#workspace(spec),
      unit_start: starts,
      unit_end: unitEnds,
      ...rowBuffers(columns, rowEnds),
      row_pos: rowPositions,
      out_crd: coordinates,
      out_val: values,
    });
    if (hasEagerRows(spec)) return this.#sparseTensor([{ positions: rowPositions }], coordinates, values);
    const written: Rows = { columns, ends: rowEnds, count: rows };
    if (!shared || units === 1) return this.#fromRows(written, coordinates, values);
    const unitRange = (offset: number, array: Int32Array) =>
      Array.from({ length: units }, (_, u) => array[2 * u + offset]!);
    const joined = joinSegments({
      units,
      entryStart: unitRange(0, starts),
      entryEnd: unitRange(0, unitEnds),
      rowStart: unitRange(1, starts),
      rowEnd: unitRange(1, unitEnds),
      rows: written,
      coordinates,
      values,
      width,
    });
    return this.#fromRows(joined.rows, joined.coordinates, joined.values);
  }

  /** Rows are written at once only where no two units can have entries at one coordinate. */
  #sparseSpec(spec: LoopSpec, clamped: boolean): LoopSpec {
    const { result } = spec;
    if (!("eagerRows" in result) || !result.eagerRows || !clamped || !this.#sharesEntries(spec)) return spec;
    return { ...spec, result: { ...result, eagerRows: false } };
  }

  #sharesEntries({ result, cutVariables }: LoopSpec): boolean {
    if (result.kind === "workspace") return cutVariables > 0;
    return result.kind === "append" && cutVariables > result.leafDepth;
  }

  /** How many entries and rows each unit will append. */
  async #countEntries(spec: LoopSpec, units: number, buffers: Record<string, BufferArray>): Promise<Int32Array> {
    const ends = new Int32Array(2 * units);
    const count: LoopSpec = { ...spec, countOnly: true };
    const steps = new BigInt64Array(units);
    await this.#execute(count, units, { ...buffers, ...this.#workspace(spec), unit_end: ends, steps });
    return ends;
  }

  #fromRows(rows: Rows, coordinates: Int32Array, values: Float64Array): Tensor {
    const { result } = this.stage;
    const shape = { sizes: result.variables.map((name) => this.#size(name)), sparse: result.sparse };
    const levels = levelsFromRows(rows, shape, coordinates);
    return this.#tensor(levels, values);
  }

  #sparseTensor(
    [row]: readonly { readonly positions: Int32Array }[],
    coordinates: Int32Array,
    values: Float64Array,
  ): Tensor {
    const [first, second] = this.stage.result.variables;
    return this.#tensor(
      [
        { kind: "dense", size: this.#size(first!) },
        { kind: "compressed", size: this.#size(second!), positions: row!.positions, coordinates },
      ],
      values,
    );
  }

  #tensor(upper: Tensor["levels"], values: Float64Array): Tensor {
    const { variables, sparse } = this.stage.result;
    const dense = variables.slice(upper.length).map((name) => ({ kind: "dense" as const, size: this.#size(name) }));
    return {
      shape: variables.map((name) => this.#size(name)),
      format: formatOf(sparse.map((isSparse) => (isSparse ? "compressed" : "dense"))),
      levels: [...upper, ...dense],
      valueType: "float64",
      values,
    };
  }

  #size(variable: string): number {
    return this.stage.sizes[this.stage.order.indexOf(variable)]!;
  }

  #survivorBuffers(survivors: Survivors | undefined): Record<string, BufferArray> {
    const buffers: Record<string, BufferArray> = {};
    survivors?.levels.forEach((level, l) => {
      if (level.kind !== "compressed") return;
      buffers[`z_pos${l}`] = level.positions;
      buffers[`z_crd${l}`] = level.coordinates;
    });
    for (const [operand, array] of survivors?.positions ?? []) buffers[`${this.stage.spec[operand]!.name}_map`] = array;
    return buffers;
  }

  #workspace({ result, variables }: LoopSpec): Record<string, BufferArray> {
    if (result.kind !== "workspace") return {};
    const extent = this.#size(variables[result.variable]!);
    const { workers } = this.#engine;
    const words = bitWords(extent, result.bitLevels);
    return {
      ws_val: new Float64Array(workers * extent),
      ...Object.fromEntries(words.map((count, level) => [`ws_bit${level}`, new BigInt64Array(workers * count)])),
    };
  }

  async #execute(spec: LoopSpec, units: number, own: Readonly<Record<string, BufferArray>>): Promise<void> {
    const kernel = await this.#kernel(spec);
    const given: Record<string, BufferArray | number> = {};
    for (const { name } of kernel.nest.buffers) {
      const array = own[name] ?? this.#operandBuffers.get(name);
      if (array !== undefined) given[name] = array;
    }
    spec.variables.forEach((name) => {
      given[`n_${name}`] = this.#size(name);
    });
    await this.#engine.run(kernel, given, units);
  }

  #kernel(spec: LoopSpec): Promise<Kernel> {
    const key = JSON.stringify(spec);
    let kernel = this.#kernels.get(key);
    if (kernel === undefined) {
      kernel = Promise.resolve(this.#engine.compile(lowerLoops(spec)));
      this.#kernels.set(key, kernel);
    }
    return kernel;
  }
}

/** Plans of the phases that run, and what the last one starts from. */
export interface StagePlan {
  readonly phases: readonly PhasePlan[];
  readonly survivors: Survivors | undefined;
}

function hasEagerRows({ result }: LoopSpec): boolean {
  return "eagerRows" in result && result.eagerRows;
}

function rowBuffers(columns: readonly Int32Array[], ends: Int32Array): Record<string, BufferArray> {
  return { row_end: ends, ...Object.fromEntries(columns.map((column, l) => [`row${l}`, column])) };
}

/** Where each unit appends, given how much each will: entries and rows, alternately. */
function scan(ends: Int32Array, units: number): { starts: Int32Array; entries: number; rows: number } {
  const starts = new Int32Array(2 * units);
  let entries = 0;
  let rows = 0;
  for (let u = 0; u < units; u++) {
    starts[2 * u] = entries;
    starts[2 * u + 1] = rows;
    entries += ends[2 * u]!;
    rows += ends[2 * u + 1]!;
  }
  if (entries > 2 ** 31 - 1)
    throw new PartitionError("result-too-large", `a result of ${entries} entries; at most 2^31 - 1`);
  return { starts, entries, rows };
}
