/**
 * The reference evaluator of einsum programs: dense arrays in double precision. It shares nothing with the compiler and the
 * simulator but the program, so it is what their results are checked against.
 */
import type { Tensor } from "@millrace/tensor";
import { combine, unaryFunction } from "../../blocks/compute/operations.ts";
import { FuseflowError } from "../../errors.ts";
import { keepsZero, patternedTensors } from "../patterns.ts";
import { type EinsumProgram, type ProgramExpression, variablesOf } from "../program.ts";
import { contract } from "./contract.ts";
import { denseValue, placesIn, pointCount, type ReferenceValue, stridesOf } from "./value.ts";

/** A dense result: its values row by row. */
export interface DenseResult {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/**
 * The value of every statement's tensor, dense and row by row.
 *
 * @throws {FuseflowError} `operand-missing` for an input without a tensor; `reference-size` where a dense array would
 *   hold more than 2^27 values
 */
export function evaluateProgram(
  program: EinsumProgram,
  operands: Readonly<Record<string, Tensor>>,
): ReadonlyMap<string, DenseResult> {
  const patterned = patternedTensors(program);
  const known = new Map<string, ReferenceValue>();
  for (const { name } of program.inputs) {
    const tensor = Object.hasOwn(operands, name) ? operands[name] : undefined;
    if (tensor === undefined) throw new FuseflowError("operand-missing", `input ${name} of the program has no tensor`);
    const modes = tensor.shape.map((_, mode) => `${mode}`);
    known.set(name, denseValue(tensor, modes, patterned.has(name)));
  }
  const results = new Map<string, DenseResult>();
  for (const { tensor, indices, expression } of program.statements) {
    const value = arranged(evaluate(expression, known), indices);
    known.set(tensor, value);
    results.set(tensor, { shape: value.extents, values: value.values });
  }
  return results;
}

/** The value with its variables in the order of `variables`. */
function arranged(value: ReferenceValue, variables: readonly string[]): ReferenceValue {
  if (value.variables.join() === variables.join()) return value;
  const extents = variables.map((variable) => value.extents[value.variables.indexOf(variable)]!);
  const places = placesIn(value, variables, extents);
  const { stored } = value;
  return {
    variables,
    extents,
    values: Float64Array.from(places, (place) => value.values[place]!),
    stored: stored === null ? null : Uint8Array.from(places, (place) => stored[place]!),
  };
}

function evaluate(expression: ProgramExpression, known: ReadonlyMap<string, ReferenceValue>): ReferenceValue {
  switch (expression.kind) {
    case "access":
      return { ...known.get(expression.tensor)!, variables: expression.indices };
    case "unary": {
      const value = evaluate(expression.operand, known);
      const apply = unaryFunction(expression.operation, expression.constant);
      const stored = keepsZero(expression.operation, expression.constant) ? value.stored : null;
      return { ...value, values: value.values.map(apply), stored };
    }
    case "binary":
      return binary(expression, known);
    case "reduction":
      return reduction(expression, known);
    case "softmax":
      return softmax(evaluate(expression.operand, known), expression.over);
  }
}

function binary(
  expression: Extract<ProgramExpression, { readonly kind: "binary" }>,
  known: ReadonlyMap<string, ReferenceValue>,
): ReferenceValue {
  const left = evaluate(expression.left, known);
  const right = evaluate(expression.right, known);
  const variables = variablesOf(expression);
  const { operation } = expression;
  const side = [left, ...(operation === "mul" ? [right] : [])].find(
    ({ stored, variables: own }) => stored !== null && own.length === variables.length,
  );
  const covering = operation === "mul" || operation === "div" ? side : undefined;
  const stored = covering === undefined ? null : arranged(covering, variables).stored;
  if (operation === "mul") return { ...contract(left, right, variables), stored };
  const extents = variables.map((variable) => {
    const at = left.variables.indexOf(variable);
    return at >= 0 ? left.extents[at]! : right.extents[right.variables.indexOf(variable)]!;
  });
  pointCount(extents);
  const [a, b] = [placesIn(left, variables, extents), placesIn(right, variables, extents)];
  const values = new Float64Array(a.length);
  for (let p = 0; p < values.length; p++) {
    const numerator = left.values[a[p]!]!;
    // What is not stored stays zero, whatever it would be divided by.
    const zero = operation === "div" && numerator === 0;
    values[p] = zero ? 0 : combine(operation, numerator, right.values[b[p]!]!);
  }
  return { variables, extents, values, stored };
}

function reduction(
  { operation, over, operand }: Extract<ProgramExpression, { readonly kind: "reduction" }>,
  known: ReadonlyMap<string, ReferenceValue>,
): ReferenceValue {
  const kept = variablesOf(operand).filter((variable) => !over.includes(variable));
  if (operation === "add" && operand.kind === "binary" && operand.operation === "mul") {
    return contract(evaluate(operand.left, known), evaluate(operand.right, known), kept);
  }
  const value = evaluate(operand, known);
  const extents = kept.map((variable) => value.extents[value.variables.indexOf(variable)]!);
  const values = new Float64Array(pointCount(extents));
  if (operation === "max") values.fill(Number.NEGATIVE_INFINITY);
  const strides = stridesOf(extents);
  const step = value.variables.map((variable) => (kept.includes(variable) ? strides[kept.indexOf(variable)]! : 0));
  const own = stridesOf(value.extents);
  for (let p = 0; p < value.values.length; p++) {
    let place = 0;
    for (let at = 0; at < own.length; at++) place += (Math.floor(p / own[at]!) % value.extents[at]!) * step[at]!;
    const next = value.values[p]!;
    values[place] = operation === "max" ? Math.max(values[place]!, next) : values[place]! + next;
  }
  return { variables: kept, extents, values, stored: null };
}

function softmax(value: ReferenceValue, over: string): ReferenceValue {
  const { variables, extents, stored } = value;
  const at = variables.indexOf(over);
  const extent = extents[at]!;
  const stride = stridesOf(extents)[at]!;
  const values = new Float64Array(value.values.length);
  const counts = (place: number): boolean => stored === null || stored[place] === 1;
  for (let first = 0; first < values.length; first++) {
    if (Math.floor(first / stride) % extent !== 0) continue;
    const places = Array.from({ length: extent }, (_, c) => first + c * stride).filter(counts);
    const largest = places.reduce((most, place) => Math.max(most, value.values[place]!), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (const place of places) {
      values[place] = Math.exp(value.values[place]! - largest);
      sum += values[place]!;
    }
    for (const place of places) values[place]! /= sum;
  }
  return { variables, extents, values, stored };
}
