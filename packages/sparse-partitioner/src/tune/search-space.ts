/**
 * The choices that a kernel leaves open, as a scenario for a tuner: how operands are stored, the order of the loops, how
 * the work is divided, and what runs it.
 *
 * The document has the fields of BaCO and HyperMapper scenario files, so that any tuner which reads those can search it;
 * ./evaluate.ts measures one configuration. Formats and orders that do not go together are not listed as constraints: they
 * are found infeasible before anything runs.
 */
import {
  type Assignment,
  formatOf,
  inferExtents,
  type LevelKind,
  parseAssignment,
  printFormat,
  type Tensor,
} from "@millrace/tensor";

/** One parameter of a scenario, in the fields of the file format. */
export type ScenarioParameter =
  | {
      readonly parameter_type: "categorical";
      readonly values: readonly string[];
      readonly parameter_default: string;
    }
  | {
      readonly parameter_type: "ordinal";
      readonly values: readonly number[];
      readonly transform?: "log";
      readonly parameter_default: number;
    }
  | {
      readonly parameter_type: "permutation";
      readonly values: readonly [number];
      readonly parametrization: "spearman";
      readonly parameter_default: readonly number[];
    };

/** A search space: plain JSON that a tuner reads. */
export interface KernelScenario {
  readonly application_name: string;
  readonly optimization_objectives: readonly ["run_ns"];
  readonly feasible_output: {
    readonly enable_feasible_predictor: true;
    readonly name: "feasible";
    readonly true_value: "true";
    readonly false_value: "false";
  };
  readonly input_parameters: Readonly<Record<string, ScenarioParameter>>;
}

/** What the space is made for. */
export interface SearchSpaceOptions {
  /** The operands by name, in the formats that are the defaults. */
  readonly operands: Readonly<Record<string, Tensor>>;
  /** Names of the engines to choose among; the first is the default. Left out of the space where there is one. */
  readonly targets?: readonly string[];
  /** Most units, a power of two; 4096 unless given. */
  readonly maximumUnits?: number;
}

/** Beyond this many modes an operand keeps their order, and beyond this many variables the loops theirs. */
const maximumPermuted = 3;
const maximumOrdered = 7;

/**
 * The search space of an assignment.
 *
 * Parameters: `format_NAME` for each operand of two or more modes; `order`, a permutation: the outermost loop is over
 * variable `order[0]` of those of the assignment as it is written; `units`; `visit_weight`, where -1 leaves the choice to the plan; and
 * `target`. The objective, `run_ns`, is to be made small.
 *
 * @example
 * ```ts
 * const rows = { kind: "dense", size: 2 };
 * const columns = { kind: "compressed", size: 2, positions: Int32Array.of(0, 1, 2), coordinates: Int32Array.of(0, 1) };
 * const format = { levels: ["dense", "compressed"], modeOrder: [0, 1] };
 * const A = { shape: [2, 2], format, levels: [rows, columns], valueType: "float64", values: Float64Array.of(1, 2) };
 * const space = searchSpace("y(i) = A(i,j)", { operands: { A } });
 * Object.keys(space.input_parameters); // => ["format_A", "order", "units", "visit_weight"]
 * ```
 * @throws {DiagnosticError} for faults of the text, and for operands that are missing or do not fit it
 */
export function searchSpace(text: string | Assignment, options: SearchSpaceOptions): KernelScenario {
  const assignment = typeof text === "string" ? parseAssignment(text) : text;
  const { operands, targets = [], maximumUnits = 4096 } = options;
  const variables = tunedVariables(assignment, operands);
  const units: number[] = [];
  for (let count = 1; count <= maximumUnits; count *= 2) units.push(count);
  const parameters: Record<string, ScenarioParameter> = {};
  for (const [name, tensor] of Object.entries(operands)) {
    const values = formatsOf(tensor);
    if (values.length > 1) parameters[`format_${name}`] = categorical(values, printFormat(tensor.format));
  }
  if (variables.length > 1 && variables.length <= maximumOrdered)
    parameters.order = {
      parameter_type: "permutation",
      values: [variables.length],
      parametrization: "spearman",
      parameter_default: variables.map((_, at) => at),
    };
  parameters.units = { parameter_type: "ordinal", values: units, transform: "log", parameter_default: 1 };
  parameters.visit_weight = { parameter_type: "ordinal", values: [-1, 0, 1, 2, 4], parameter_default: -1 };
  const [first] = targets;
  if (first !== undefined && targets.length > 1) parameters.target = categorical(targets, first);
  return {
    application_name: "kernel",
    optimization_objectives: ["run_ns"],
    feasible_output: {
      enable_feasible_predictor: true,
      name: "feasible",
      true_value: "true",
      false_value: "false",
    },
    input_parameters: parameters,
  };
}

/** The variables that an `order` permutes: those of the result, then the others, as they are written. */
export function tunedVariables(
  assignment: Assignment,
  operands: Readonly<Record<string, Pick<Tensor, "shape">>>,
): readonly string[] {
  const shapes = Object.fromEntries(Object.entries(operands).map(([name, { shape }]) => [name, shape]));
  const written = [...inferExtents(assignment, shapes).keys()];
  const output = [...new Set(assignment.output.indices.map(({ name }) => name))];
  return [...output, ...written.filter((name) => !output.includes(name))];
}

function categorical(values: readonly string[], start: string): ScenarioParameter {
  return { parameter_type: "categorical", values, parameter_default: start };
}

/** Formats that an operand can be stored in; its own comes first. */
function formatsOf({ format, shape }: Tensor): string[] {
  const order = shape.length;
  const own = printFormat(format);
  if (order < 2) return [own];
  const kinds = format.levels.slice(0, order).map(({ kind }) => kind);
  const sparse = kinds.some((kind) => kind !== "dense");
  const natural = Array.from({ length: order }, (_, mode) => mode);
  const all: LevelKind[] = natural.map(() => (sparse ? "compressed" : "dense"));
  const choices = sparse ? [["dense" as const, ...all.slice(1)], all] : [all];
  const modes = order <= maximumPermuted ? permutations(natural) : [natural];
  const formats = modes.flatMap((modeOrder) => choices.map((levels) => printFormat(formatOf(levels, modeOrder))));
  return [...new Set([own, ...formats])];
}

function permutations(modes: readonly number[]): number[][] {
  if (modes.length <= 1) return [[...modes]];
  return modes.flatMap((mode) => permutations(modes.filter((each) => each !== mode)).map((rest) => [mode, ...rest]));
}
