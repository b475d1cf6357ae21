/** One statement made ready: order of the loops, operands stored for it, phases and the shape of its result. */
import type { Tensor } from "@millrace/tensor";
import { levelSize } from "@millrace/tensor";
import { PartitionError } from "../errors.ts";
import { chooseLoopOrder, type LoopOrder, tailVariables } from "../iteration/loop-order.ts";
import { isFull, type LoopNest, type Phase, phasesOf, soleDriver } from "../iteration/phases.ts";
import type { Statement } from "../iteration/statement.ts";
import type { LoopSpec, SpecOperand } from "../lower/loop-spec.ts";
import { bitLevels } from "../lower/workspace-result.ts";
import { alignedOperand } from "./result/aligned-operand.ts";
import { type Notes, nativeOperand, type StoredOperand, transposedOperand } from "./stored-operand.ts";

/** How the loops store their result: variables and kinds of its levels, outermost first. */
export interface StageResult {
  readonly variables: readonly string[];
  readonly sparse: readonly boolean[];
}

/** A statement that can be planned and run. */
export interface Stage {
  readonly statement: Statement;
  readonly order: readonly string[];
  readonly sizes: readonly number[];
  readonly operands: readonly StoredOperand[];
  readonly spec: readonly SpecOperand[];
  readonly nest: LoopNest;
  readonly phases: readonly Phase[];
  /** For the first phase: the operand that alone drives it; see `soleDriver`. */
  readonly sole: number | undefined;
  readonly result: StageResult;
  readonly final: LoopSpec["result"];
  readonly notes: readonly string[];
}

/** What a stage is made from. */
export interface StageInput {
  readonly statement: Statement;
  readonly extents: ReadonlyMap<string, number>;
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Variables and kinds of the levels wanted of the result. */
  readonly wanted: StageResult;
  /** The order of the loops; the cheapest unless given. */
  readonly order?: readonly string[] | undefined;
}

/** Chooses the loops of a statement and stores its operands for them. */
export function makeStage({ statement, extents, tensors, wanted, order: asked }: StageInput): Stage {
  const notes: Notes = [];
  const given = statement.operands.map(({ tensor, variables }) =>
    nativeOperand(tensor, tensors[tensor]!, variables, notes),
  );
  const choice = chooseLoopOrder({
    formula: statement.formula,
    operands: given.map((operand) => shapeOf(operand)),
    result: wanted,
    reduced: statement.reduced,
    extents,
    order: asked,
  });
  if (!Number.isFinite(choice.cost))
    throw new PartitionError(
      "expression-unsupported",
      `${asked === undefined ? "no order of the loops suits" : `loops over ${choice.order.join(",")} do not suit`} the statement for ${statement.output}`,
    );
  const operands = given.map((operand, at) =>
    choice.transposed.includes(at)
      ? transposedOperand(statement.operands[at]!.tensor, operand, choice.order, notes)
      : operand,
  );
  const result = resultOf(choice, wanted, notes);
  const { order } = choice;
  const spec = operands.map(({ tensor, variables }, at) => ({
    name: `${bufferName(statement.operands[at]!.tensor)}${at}`,
    places: variables.map((variable) => order.indexOf(variable)),
    sparse: tensor.levels.map(({ kind }) => kind === "compressed"),
  }));
  const tail = tailVariables(order, statement.variables).length;
  const nest: LoopNest = { formula: statement.formula, operands: spec, variables: order.length, uncut: tail };
  const phases = phasesOf(nest);
  return {
    statement,
    order,
    sizes: order.map((name) => extents.get(name)!),
    operands,
    spec,
    nest,
    phases,
    sole: phases[0] === undefined ? undefined : soleDriver(nest, phases[0]),
    result,
    final: finalResult({ order, result, nest, operands, reduces: statement.reduced.length > 0 }, extents),
    notes,
  };
}

function bufferName(tensor: string): string {
  return /^[A-Za-z]\w*$/.test(tensor) ? tensor : "t";
}

function shapeOf({ tensor, variables }: StoredOperand) {
  return {
    variables,
    sparse: tensor.levels.map(({ kind }) => kind === "compressed"),
    positions: tensor.levels.map((_, l) => levelSize(tensor, l)),
  };
}

function resultOf({ order, resultTransposed }: LoopOrder, wanted: StageResult, notes: Notes): StageResult {
  if (!resultTransposed) return wanted;
  const variables = order.filter((name) => wanted.variables.includes(name));
  const sparse = wanted.sparse.some(Boolean);
  notes.push(`compute the result by ${variables.join(",")} and transpose it to ${wanted.variables.join(",")}`);
  return { variables, sparse: variables.map(() => sparse) };
}

interface ResultQuestion {
  readonly order: readonly string[];
  readonly result: StageResult;
  readonly nest: LoopNest;
  readonly operands: readonly StoredOperand[];
  readonly reduces: boolean;
}

function finalResult(question: ResultQuestion, extents: ReadonlyMap<string, number>): LoopSpec["result"] {
  const { order, result, nest, operands, reduces } = question;
  const firstReduced = order.findIndex((name) => !result.variables.includes(name));
  const rowDepth = firstReduced < 0 ? order.length : firstReduced;
  const leaf = result.sparse.lastIndexOf(true);
  if (leaf < 0) {
    const storage = result.variables.map((name) => order.indexOf(name));
    return { kind: "dense", storage, rowDepth, reduces };
  }
  // Loops that start from what an earlier phase found do not know where the operand stands before they are inside.
  const operand = phasesOf(nest).length > 1 ? undefined : alignedOperand({ order, result, nest, operands, extents });
  const tail = result.variables.slice(leaf + 1).map((name) => order.indexOf(name));
  if (operand !== undefined) return { kind: "aligned", operand, depth: leaf + 1, tail, reduces };
  const leafPlace = order.indexOf(result.variables[leaf]!);
  const eagerRows = leaf === 1 && !result.sparse[0] && isFull(nest, 0);
  if (leafPlace >= rowDepth) {
    const levels = bitLevels(extents.get(order[leafPlace]!)!);
    return { kind: "workspace", rowDepth, variable: leafPlace, bitLevels: levels, eagerRows };
  }
  return { kind: "append", leafDepth: leafPlace + 1, tail, reduces, eagerRows };
}
