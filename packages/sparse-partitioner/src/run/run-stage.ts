/** Plans and runs a statement: phases in turn, then the loops that compute its result. */
import type { BufferArray } from "@millrace/loop-ir";
import type { Tensor } from "@millrace/tensor";
import type { LoopSpec } from "../lower/loop-spec.ts";
import { Arena } from "./arena.ts";
import type { Engine } from "./engine.ts";
import { needsRun, type PhasePlan, type PlanOptions, planPhase, type Survivors, specOf } from "./plan-stage.ts";
import { levelsFromRows } from "./result/build-levels.ts";
import { rowParts } from "./result/row-room.ts";
import { runAligned } from "./result/run-aligned.ts";
import { runDense } from "./result/run-dense.ts";
import { runSparse, scan } from "./result/run-sparse.ts";
import type { Stage } from "./stage.ts";
import { StageKernels } from "./stage-kernels.ts";

/** Plans of the phases that run, and what the last one starts from. */
export interface StagePlan {
  readonly phases: readonly PhasePlan[];
  readonly survivors: Survivors | undefined;
}

/** Plans that are kept at most. */
const keptPlans = 8;

/** A stage with its compiled loops: made once, planned and run as often as wanted. */
export class StageRunner {
  readonly stage: Stage;
  readonly #kernels: StageKernels;
  /** Where memory is reused, plans are too: the operands stay. The last few, by their options. */
  readonly #plans: Map<string, StagePlan> | undefined;

  constructor(stage: Stage, engine: Engine, reuse = false) {
    this.stage = stage;
    this.#plans = reuse ? new Map() : undefined;
    this.#kernels = new StageKernels(stage, engine, reuse);
  }

  /** Nanoseconds that compiling has taken so far, by a clock. */
  compileNs(now: () => number): number {
    this.#kernels.now = now;
    return this.#kernels.compileNs;
  }

  /** Divides all phases, running those whose survivors the next one divides. */
  async plan(options: PlanOptions): Promise<StagePlan> {
    const key = JSON.stringify([options.units, options.strategy, options.grain, options.visitWeight]);
    const known = this.#plans?.get(key);
    if (known !== undefined) return known;
    const made = await this.#makePlan(options);
    if (this.#plans !== undefined) {
      const [oldest] = this.#plans.keys();
      if (this.#plans.size >= keptPlans && oldest !== undefined) this.#plans.delete(oldest);
      this.#plans.set(key, made);
    }
    return made;
  }

  async #makePlan(options: PlanOptions): Promise<StagePlan> {
    const phases: PhasePlan[] = [];
    let survivors: Survivors | undefined;
    for (let at = 0; at < this.stage.phases.length; at++) {
      const run = needsRun(this.stage, at);
      if (!run && at < this.stage.phases.length - 1) continue;
      const phase = planPhase(this.stage, at, survivors, options);
      phases.push(phase);
      if (run) survivors = await this.#findSurvivors(at, phase, survivors);
    }
    return { phases, survivors };
  }

  /** The loops that run, for printing: one specification for each phase that has any. */
  specs(units: number): LoopSpec[] {
    const found: LoopSpec[] = [];
    let survivors: Survivors | undefined;
    for (let at = 0; at < Math.max(1, this.stage.phases.length); at++) {
      const last = at >= this.stage.phases.length - 1;
      if (!last && (units === 1 || !needsRun(this.stage, at))) continue;
      found.push(specOf(this.stage, at, { survivors, clamped: units > 1, countOnly: false }));
      if (!last) survivors = { levels: [], count: 0, positions: new Map() };
    }
    return found;
  }

  /** Computes the result by a plan; without one, in one unit. */
  async run(plan: StagePlan | undefined): Promise<Tensor> {
    const phase = plan?.phases.at(-1);
    const divided = phase !== undefined && phase.plan.units > 1;
    const final = { phase: divided ? phase : undefined, survivors: divided ? plan?.survivors : undefined };
    switch (this.stage.final.kind) {
      case "dense":
        return runDense(this.#kernels, final);
      case "aligned":
        return runAligned(this.#kernels, final);
      default:
        return runSparse(this.#kernels, final);
    }
  }

  /** Steps of each unit of each phase, counted without storing anything. */
  async steps({ phases, survivors }: StagePlan): Promise<number[][]> {
    const counted: number[][] = [];
    for (const phase of phases) {
      const at = this.stage.phases.indexOf(phase.phase);
      const arena = new Arena(this.#kernels.engine.memory);
      const earlier = phase.phase.from > 0 ? this.#earlier(at, survivors) : undefined;
      const { steps } = await this.#count({ at, phase, survivors: earlier, arena });
      counted.push([...steps].map(Number));
      arena.release();
    }
    return counted.length === 0 ? [[1]] : counted;
  }

  /** Gives memory back to the engine. */
  release(): void {
    this.#kernels.release();
  }

  /** What phase `at` starts from: kept for the last one, and for others as long as they are. */
  #earlier(at: number, last: Survivors | undefined): Survivors | undefined {
    return at === this.stage.phases.length - 1 ? last : this.#found.get(at - 1);
  }

  readonly #found = new Map<number, Survivors>();

  async #findSurvivors(at: number, phase: PhasePlan, earlier: Survivors | undefined): Promise<Survivors> {
    const { stage, engine } = { stage: this.stage, engine: this.#kernels.engine };
    const { units } = phase.plan;
    const arena = new Arena(engine.memory);
    const { spec, ends, buffers } = await this.#count({ at, phase, survivors: earlier, arena });
    const starts = arena.i32(2 * units);
    const { entries, rows } = scan(starts, ends);
    const depth = spec.variables.length;
    const columns = Array.from({ length: depth - 1 }, () => arena.i32(rows));
    const rowEnds = arena.i32(rows);
    const coordinates = arena.i32(entries);
    const reached = spec.result.kind === "survivors" ? spec.result.operands : [];
    const positions = new Map(reached.map((operand) => [operand, arena.i32(entries)]));
    const maps = [...positions].map(([operand, array]) => [`${stage.spec[operand]!.name}_to`, array] as const);
    const written = arena.i32(2 * units);
    await this.#kernels.execute({ ...spec, countOnly: false }, units, {
      ...buffers,
      unit_start: starts,
      unit_end: written,
      row_end: rowEnds,
      ...Object.fromEntries(columns.map((column, l) => [`row${l}`, column])),
      out_crd: coordinates,
      ...Object.fromEntries(maps),
    });
    const shape = { sizes: stage.sizes.slice(0, depth), sparse: stage.sizes.slice(0, depth).map(() => true) };
    const levels = levelsFromRows({ columns, ends: rowEnds, count: rows, parts: rowParts(starts, written) }, shape, {
      coordinates: arena.keep(coordinates, entries),
      arena,
    });
    const kept = new Map([...positions].map(([operand, array]) => [operand, arena.keep(array, entries)]));
    arena.release();
    const survivors = { levels, count: entries, positions: kept };
    this.#found.set(at, survivors);
    return survivors;
  }

  async #count(question: {
    readonly at: number;
    readonly phase: PhasePlan;
    readonly survivors: Survivors | undefined;
    readonly arena: Arena;
  }) {
    const { at, phase, survivors, arena } = question;
    const { units } = phase.plan;
    const spec = specOf(this.stage, at, { survivors, clamped: true, countOnly: true });
    const { buffers } = this.#kernels.clamps(spec, { tuples: phase.tuples, survivors }, arena);
    const ends = arena.i32(2 * units);
    const steps = arena.i64(units);
    const own: Record<string, BufferArray> = { ...buffers, unit_end: ends, steps };
    await this.#kernels.execute(spec, units, { ...own, ...this.#kernels.workspace(spec, arena) });
    return { spec, ends, steps, buffers };
  }
}
