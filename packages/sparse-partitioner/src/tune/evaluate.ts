/** Measures one configuration of a kernel's search space. */
import {
  type Assignment,
  convert,
  parseAssignment,
  parseFormat,
  type Tensor,
  type TensorFormat,
} from "@millrace/tensor";
import { PartitionError } from "../errors.ts";
import type { Engine } from "../run/engine.ts";
import { compileKernel, type SparseKernel } from "../run/kernel.ts";
import { tunedVariables } from "./search-space.ts";

/** A configuration: a value for each parameter of `searchSpace`; those that are left out keep their defaults. */
export type KernelConfiguration = Readonly<Record<string, number | string | readonly number[]>>;

/** What a configuration is measured with. */
export interface EvaluateOptions {
  readonly operands: Readonly<Record<string, Tensor>>;
  readonly resultFormat?: TensorFormat;
  /** Engines by the names that `target` takes; the first is the default. */
  readonly engines: Readonly<Record<string, Engine>>;
  /** A clock in nanoseconds. */
  readonly now: () => number;
  /** Timed runs after a first one, of which the fastest counts; 3 unless given. */
  readonly repeats?: number;
  /** Runs what has to store an operand otherwise first, as kernels do by themselves, instead of calling it infeasible. */
  readonly transposes?: boolean;
}

/** What came of a configuration, under the names that the scenario uses. */
export type KernelMeasurement =
  | {
      readonly feasible: true;
      /** Nanoseconds of planning and running, the result in its format; storing operands and compiling count for nothing. */
      readonly run_ns: number;
      readonly result: Tensor;
    }
  | { readonly feasible: false; readonly detail: string };

/**
 * Stores the operands as a configuration says, compiles, runs and times.
 *
 * Not feasible, with a reason, is what would have to store an operand otherwise than asked for the loops to walk it, and
 * loops that the lowering does not have. Memory is given back before this returns.
 *
 * @throws {PartitionError} `configuration-invalid` for a value that the space does not have
 */
export async function evaluate(
  text: string | Assignment,
  configuration: KernelConfiguration,
  options: EvaluateOptions,
): Promise<KernelMeasurement> {
  const assignment = typeof text === "string" ? parseAssignment(text) : text;
  const { now, repeats = 3, resultFormat, transposes = false } = options;
  const units = numberOf(configuration, "units", 1);
  const visit = numberOf(configuration, "visit_weight", -1);
  const order = orderOf(configuration, tunedVariables(assignment, options.operands));
  const kernel = compileKernel(assignment, {
    operands: storedOperands(configuration, options.operands),
    engine: engineOf(configuration, options.engines),
    reuseResults: true,
    ...(order === undefined ? {} : { order }),
    ...(resultFormat === undefined ? {} : { resultFormat }),
  });
  try {
    const fault = faultOf(kernel, transposes);
    if (fault !== undefined) return { feasible: false, detail: fault };
    const run = () => kernel.run({ units, ...(visit < 0 ? {} : { visitWeight: visit }) });
    let { result } = await run();
    let best = Number.POSITIVE_INFINITY;
    for (let at = 0; at < repeats; at++) {
      const begun = now();
      ({ result } = await run());
      best = Math.min(best, now() - begun);
    }
    return { feasible: true, run_ns: best, result: copied(result) };
  } finally {
    kernel.release();
  }
}

/** Why a configuration cannot be run as it asks to. */
function faultOf(kernel: SparseKernel, transposes: boolean): string | undefined {
  try {
    const moved = kernel.firstStage().stage.notes.find((note) => note.startsWith("transpose"));
    return transposes || moved === undefined ? undefined : `the loops do not follow the formats: ${moved}`;
  } catch (error) {
    if (error instanceof PartitionError && error.code === "expression-unsupported") return error.message;
    throw error;
  }
}

function storedOperands(
  configuration: KernelConfiguration,
  operands: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(operands).map(([name, tensor]) => {
      const format = configuration[`format_${name}`];
      if (format === undefined) return [name, tensor];
      if (typeof format !== "string") throw invalid(`format_${name}`, format, "the text of a format");
      return [name, convert(tensor, parseFormat(format, tensor.shape.length))];
    }),
  );
}

function orderOf({ order }: KernelConfiguration, variables: readonly string[]): readonly string[] | undefined {
  if (order === undefined) return undefined;
  const places = Array.isArray(order) ? (order as readonly number[]) : [];
  if (places.length === variables.length && variables.every((_, at) => places.includes(at)))
    return places.map((place) => variables[place]!);
  throw invalid("order", order, `a permutation of 0 to ${variables.length - 1}`);
}

function engineOf({ target }: KernelConfiguration, engines: Readonly<Record<string, Engine>>): Engine {
  const names = Object.keys(engines);
  const name = target ?? names[0];
  const engine = typeof name === "string" && Object.hasOwn(engines, name) ? engines[name] : undefined;
  if (engine === undefined) throw invalid("target", name, `one of ${names.join(", ")}`);
  return engine;
}

function numberOf(configuration: KernelConfiguration, name: string, otherwise: number): number {
  const value = configuration[name] ?? otherwise;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw invalid(name, value, "an integer");
}

function invalid(name: string, value: unknown, expected: string): PartitionError {
  return new PartitionError("configuration-invalid", `${name} is ${JSON.stringify(value)}; expected ${expected}`);
}

/** A result of its own: the arrays of a kernel that reuses them are gone with it. */
function copied(result: Tensor): Tensor {
  const levels = result.levels.map((level) => {
    if (level.kind !== "compressed") return level;
    return { ...level, positions: level.positions.slice(), coordinates: level.coordinates.slice() };
  });
  return { ...result, levels, values: result.values.slice() };
}
