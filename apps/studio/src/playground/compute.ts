/** Answers a request with the packages of the command line: nothing here knows of pages or workers. */
import {
  type Assignment,
  type DenseArray,
  differenceOf,
  evaluateDense,
  nonzerosOf,
  parseAssignment,
  spread,
  type Tensor,
  unpack,
} from "@millrace/tensor";
import type { Checked, Part, PlaygroundAnswer } from "./answer.ts";
import { compiledLoops } from "./compiled-loops.ts";
import { faultOf, partOf } from "./fault.ts";
import { drawOperands, type Operand } from "./operands.ts";
import type { PlaygroundRequest } from "./request.ts";
import { simulatedGraph } from "./simulated-graph.ts";

/** Sums of doubles in another order differ by far less. */
const tolerance = 1e-9;

/** Answers a request; never throws: what cannot be had says why. */
export async function answerTo(request: PlaygroundRequest): Promise<PlaygroundAnswer> {
  const assignment = partOf(() => parseAssignment({ name: "expression", text: request.expression }));
  if (!assignment.ok) return { tensors: assignment, result: null, graph: assignment, loops: assignment };
  const { value } = assignment;
  const result = value.output.tensor;
  const operands = partOf(() => drawOperands(value, request));
  if (!operands.ok) return { tensors: operands, result, graph: operands, loops: operands };
  const check = partOf(() => checker(value, operands.value));
  if (!check.ok) return { tensors: check, result, graph: check, loops: check };
  const setting = { assignment: value, request, operands: operands.value, check: check.value };
  return {
    tensors: { ok: true, value: operands.value.map(({ drawn }) => drawn) },
    result,
    graph: partOf(() => simulatedGraph(setting)),
    loops: await settled(compiledLoops(setting)),
  };
}

/** What the parts of an answer are made from. */
export interface Setting {
  readonly assignment: Assignment;
  readonly request: PlaygroundRequest;
  readonly operands: readonly Operand[];
  /** Compares a result with the dense evaluation. */
  readonly check: (result: Tensor) => Checked;
}

function checker(assignment: Assignment, operands: readonly Operand[]): Setting["check"] {
  const dense = operands.map(({ drawn, list }): [string, DenseArray] => {
    const { shape, values } = spread(list);
    return [drawn.name, { shape, values: Float64Array.from(values) }];
  });
  const expected = nonzerosOf({ ...evaluateDense(assignment, Object.fromEntries(dense)), valueType: "float64" });
  return (result) => {
    const { compared, differing, largestError } = differenceOf(unpack(result), expected, tolerance);
    return { compared, differing, largestError };
  };
}

async function settled<Value>(made: Promise<Value>): Promise<Part<Value>> {
  try {
    return { ok: true, value: await made };
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  }
}
