/** A kernel: an assignment over stored tensors, compiled for an engine, divided and run. */
import {
  type Assignment,
  convert,
  describeProblem,
  type Extents,
  formatOf,
  inferExtents,
  type LevelKind,
  parseAssignment,
  sameFormat,
  type Tensor,
  type TensorFormat,
  validateTensor,
} from "@millrace/tensor";
import { PartitionError } from "../errors.ts";
import { visitsAll } from "../iteration/sequence.ts";
import { type Statement, statementsOf } from "../iteration/statement.ts";
import type { Strategy } from "../partition/plan.ts";
import { type Engine, interpreterEngine } from "./engine.ts";
import { type StagePlan, StageRunner } from "./run-stage.ts";
import { makeStage, type StageResult } from "./stage.ts";
import { nativeOperand } from "./stored-operand.ts";
import { type UnitStatistics, unitStatistics } from "./unit-statistics.ts";

/** What a kernel is compiled from. */
export interface CompileOptions {
  /** The operands by name; for `+=` the output's values before, too. */
  readonly operands: Readonly<Record<string, Tensor>>;
  /** Format of the result; unless given, a level is dense where every coordinate is visited and compressed elsewhere. */
  readonly resultFormat?: TensorFormat;
  /** What runs the loops; the interpreter unless given. */
  readonly engine?: Engine;
  /** Every index variable once, outermost first: the order of the loops. The cheapest by estimated work unless given. */
  readonly order?: readonly string[];
  /** Let each run write into the arrays of the result of the one before: for kernels that are run many times. */
  readonly reuseResults?: boolean;
}

/** How a kernel is divided and run. */
export interface RunOptions {
  /** Units of work; 1 unless given. */
  readonly units?: number;
  /** `balanced` unless given. */
  readonly strategy?: Strategy;
  /** Divide into grains of this much work, so that the result does not depend on `units`. */
  readonly grain?: number;
  /** Work of visiting a coordinate of a leading dense variable; chosen by the operands unless given. */
  readonly visitWeight?: number;
  /** Also count the work and the steps of every unit: `statistics` of the outcome. */
  readonly statistics?: boolean;
  /** A clock in nanoseconds, for `planNs` and `runNs`; compiling counts for neither. */
  readonly now?: () => number;
}

/** What came of a run. */
export interface KernelOutcome {
  /** Where it is stored as an operand is, its level arrays are that operand's own: they are not to be written to. */
  readonly result: Tensor;
  readonly planNs: number;
  readonly runNs: number;
  readonly statistics: UnitStatistics | undefined;
  /** The stages that were run, for printing. */
  readonly stages: readonly { readonly runner: StageRunner; readonly plan: StagePlan | undefined }[];
}

const noClock = (): number => 0;

/** An assignment made ready to be run any number of times over the same operands. */
export class SparseKernel {
  readonly assignment: Assignment;
  readonly statements: readonly Statement[];
  readonly extents: Extents;
  readonly #options: CompileOptions;
  readonly #engine: Engine;
  /** Runners of the statements over operands alone, which serve every run. */
  readonly #ready = new Map<Statement, StageRunner>();
  readonly #fixed = new Set<StageRunner>();
  readonly #modes = new WeakMap<StageRunner, Pick<Tensor, "shape" | "format">>();

  /** @internal Made by {@link compileKernel}. */
  constructor(assignment: Assignment, options: CompileOptions) {
    this.assignment = assignment;
    this.#options = options;
    this.#engine = options.engine ?? interpreterEngine;
    const shapes = Object.fromEntries(Object.entries(options.operands).map(([name, { shape }]) => [name, shape]));
    this.extents = inferExtents(assignment, shapes);
    for (const [name, tensor] of Object.entries(options.operands)) refuseMalformed(name, tensor);
    if (options.order !== undefined) refuseOrder(options.order, [...this.extents.keys()]);
    this.statements = statementsOf(assignment);
    const output = assignment.output.tensor;
    if (assignment.operator === "+=" && options.operands[output] === undefined)
      throw new PartitionError("operand-missing", `'+=' needs the values that ${output} has before`);
  }

  /** Plans and runs. The same units give the same bytes, whatever the engine and its number of threads. */
  async run(options: RunOptions = {}): Promise<KernelOutcome> {
    const now = options.now ?? noClock;
    const { units = 1, strategy = "balanced", grain, visitWeight, statistics = false } = options;
    const divided = units > 1 || grain !== undefined;
    let tensors = this.#options.operands;
    const stages: KernelOutcome["stages"][number][] = [];
    let planNs = 0;
    let runNs = 0;
    let result: Tensor | undefined;
    for (const statement of this.statements) {
      const runner = this.#runner(statement, tensors);
      const uncompiled = runner.compileNs(now);
      const begun = now();
      const plan = divided || statistics ? await runner.plan({ units, strategy, grain, visitWeight }) : undefined;
      const planned = now();
      const compiled = runner.compileNs(now);
      result = await runner.run(divided ? plan : undefined);
      runNs += now() - planned - (runner.compileNs(now) - compiled);
      planNs += planned - begun - (compiled - uncompiled);
      stages.push({ runner, plan });
      result = this.#underModes(result, runner);
      if (statement.temporary) tensors = { ...tensors, [statement.output]: result };
    }
    const counted = statistics ? await unitStatistics(stages, { units, strategy }) : undefined;
    // Stages over temporaries are made for one run.
    for (const { runner } of stages) if (!this.#fixed.has(runner)) runner.release();
    return { result: this.#inFormat(result!), planNs, runNs, statistics: counted, stages };
  }

  /** The stages as they are before anything runs; those over temporaries are only known once these are computed. */
  firstStage(): StageRunner {
    return this.#runner(this.statements[0]!, this.#options.operands);
  }

  /** Gives memory back to the engine; the kernel copies its operands again if it is run once more. */
  release(): void {
    for (const runner of this.#ready.values()) runner.release();
    this.#ready.clear();
    this.#fixed.clear();
  }

  #runner(statement: Statement, tensors: Readonly<Record<string, Tensor>>): StageRunner {
    const known = this.#ready.get(statement);
    if (known !== undefined) return known;
    const fixed = statement.operands.every(({ tensor }) => this.#options.operands[tensor] !== undefined);
    const wanted = this.#wanted(statement, tensors);
    const stage = makeStage({ statement, extents: this.extents, tensors, wanted, order: this.#options.order });
    const runner = new StageRunner(stage, this.#engine, fixed && this.#options.reuseResults === true);
    if (fixed) {
      this.#ready.set(statement, runner);
      this.#fixed.add(runner);
    }
    return runner;
  }

  #wanted(statement: Statement, tensors: Readonly<Record<string, Tensor>>): StageResult {
    const format = statement.temporary ? undefined : this.#options.resultFormat;
    if (format !== undefined) {
      const order = statement.variables.length;
      const modes = format.modeOrder.slice(0, order);
      return {
        variables: modes.map((mode) => statement.variables[mode]!),
        sparse: format.levels.slice(0, order).map(({ kind }) => kind !== "dense"),
      };
    }
    const output = this.assignment.output.indices.map(({ name }) => name);
    const place = (name: string): number => (output.includes(name) ? output.indexOf(name) : output.length);
    const variables = [...statement.variables].sort((one, other) => place(one) - place(other));
    return { variables, sparse: variables.map((name) => this.#isSparse(statement, tensors, name)) };
  }

  /** Whether a statement visits only some coordinates of a variable. */
  #isSparse(statement: Statement, tensors: Readonly<Record<string, Tensor>>, name: string): boolean {
    const sparse = statement.operands.map(({ tensor, variables }) => {
      const native = nativeOperand(tensor, tensors[tensor]!, variables, []);
      const l = native.variables.indexOf(name);
      return l >= 0 && native.tensor.levels[l]!.kind === "compressed";
    });
    return !visitsAll(statement.formula, (operand) => (sparse[operand] ? "sparse" : "full"));
  }

  /** A result of the loops under the modes of its statement's output; nothing moves. */
  #underModes(result: Tensor, runner: StageRunner): Tensor {
    let modes = this.#modes.get(runner);
    if (modes === undefined) {
      const { variables } = runner.stage.statement;
      const modeOrder = runner.stage.result.variables.map((name) => variables.indexOf(name));
      const kinds = result.levels.map(({ kind }): LevelKind => kind);
      modes = { shape: variables.map((name) => this.extents.get(name)!), format: formatOf(kinds, modeOrder) };
      this.#modes.set(runner, modes);
    }
    const { levels, valueType, values } = result;
    return { shape: modes.shape, format: modes.format, levels, valueType, values };
  }

  #inFormat(result: Tensor): Tensor {
    const wanted = this.#options.resultFormat;
    return wanted === undefined || sameFormat(result.format, wanted) ? result : convert(result, wanted);
  }
}

function refuseOrder(order: readonly string[], variables: readonly string[]): void {
  const once = order.length === variables.length && variables.every((name) => order.includes(name));
  if (once) return;
  const expected = `expected each of ${variables.join(",")} once`;
  throw new PartitionError("order-invalid", `the loops cannot be over ${order.join(",")}: ${expected}`);
}

/** Compiled kernels do not check what they read: level arrays that would lead them astray are refused here. */
function refuseMalformed(name: string, tensor: Tensor): void {
  const [fault] = validateTensor(tensor, { maximumProblems: 20 }).filter(({ severity }) => severity === "error");
  if (fault !== undefined)
    throw new PartitionError("operand-malformed", `${name} is not well-formed: ${describeProblem(fault)}`);
}

/**
 * Compiles an assignment for operands as they are stored.
 *
 * @param assignment index notation, as text or parsed
 *
 * @example
 * ```ts
 * const dense = (values) => ({
 *   shape: [values.length],
 *   format: { levels: [{ kind: "dense" }], modeOrder: [0] },
 *   levels: [{ kind: "dense", size: values.length }],
 *   valueType: "float64",
 *   values: Float64Array.from(values),
 * });
 * const kernel = compileKernel("y(i) = 2 * a(i) + b(i)", { operands: { a: dense([1, 2, 3]), b: dense([4, 5, 6]) } });
 * [...(await kernel.run({ units: 2 })).result.values]; // => [6, 9, 12]
 * ```
 * @throws {DiagnosticError} for faults of the text, and for operands that are missing or do not fit it
 * @throws {PartitionError} `operand-type`, `operand-missing`, `operand-malformed`, `order-invalid`
 */
export function compileKernel(assignment: string | Assignment, options: CompileOptions): SparseKernel {
  return new SparseKernel(typeof assignment === "string" ? parseAssignment(assignment) : assignment, options);
}
