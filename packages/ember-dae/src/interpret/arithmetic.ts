/** The meaning of arithmetic on scalars; on vectors it is applied lane by lane. */
import type { Op } from "../ir/op.ts";
import { asVector } from "../ir/types.ts";
import { exponential, numbers } from "./exponential.ts";

/** One element in, one out: operands beyond the arity are ignored. */
export type Scalar = (a: number, b: number, c: number) => number;

// The maximum of MLIR, and of Math: NaN if either is NaN, and -0 below 0.
const floats: Readonly<Record<string, Scalar>> = {
  "arith.addf": (a, b) => a + b,
  "arith.subf": (a, b) => a - b,
  "arith.mulf": (a, b) => a * b,
  "arith.divf": (a, b) => a / b,
  "arith.maxf": (a, b) => Math.max(a, b),
  "arith.minf": (a, b) => Math.min(a, b),
  "arith.negf": (a) => -a,
  "math.sqrt": (a) => Math.sqrt(a),
  "math.absf": (a) => Math.abs(a),
  "arith.truncf": (a) => a,
  "arith.sitofp": (a) => a,
};

const exact: Readonly<Record<string, Scalar>> = {
  "arith.extf": (a) => a,
  "arith.index_cast": (a) => a,
  "arith.addi": (a, b) => a + b,
  "arith.subi": (a, b) => a - b,
  "arith.muli": (a, b) => a * b,
  "arith.divsi": (a, b) => Math.trunc(a / b),
  "arith.remsi": (a, b) => a % b,
  "arith.maxsi": (a, b) => Math.max(a, b),
  "arith.minsi": (a, b) => Math.min(a, b),
  "arith.select": (a, b, c) => (a !== 0 ? b : c),
};

// Predicates by number, as MLIR numbers them.
const integerPredicates: readonly Scalar[] = [
  (a, b) => Number(a === b),
  (a, b) => Number(a !== b),
  (a, b) => Number(a < b),
  (a, b) => Number(a <= b),
  (a, b) => Number(a > b),
  (a, b) => Number(a >= b),
];
const floatPredicates: Readonly<Record<number, Scalar>> = {
  1: (a, b) => Number(a === b),
  2: (a, b) => Number(a > b),
  3: (a, b) => Number(a >= b),
  4: (a, b) => Number(a < b),
  5: (a, b) => Number(a <= b),
};

/** Names of all arithmetic, comparisons included. */
export const arithmeticNames: ReadonlySet<string> = new Set([
  "math.exp",
  ...Object.keys(floats),
  ...Object.keys(exact),
  "arith.cmpi",
  "arith.cmpf",
]);

/** What an operation computes of one element, rounded to the type of its result; `undefined` if it is none of these. */
export function scalarOf(op: Op): Scalar | undefined {
  if (op.name === "arith.cmpi") return integerPredicates[Number(op.attributes.predicate)];
  if (op.name === "arith.cmpf") return floatPredicates[Number(op.attributes.predicate)];
  if (op.name === "math.exp") return exponentialOf(op);
  const plain = exact[op.name];
  if (plain !== undefined) return plain;
  const float = floats[op.name];
  if (float === undefined) return undefined;
  const type = op.results[0]?.type ?? "f64";
  return (asVector(type)?.element ?? type) === "f32" ? (a, b, c) => Math.fround(float(a, b, c)) : float;
}

function exponentialOf({ results }: Op): Scalar {
  const type = results[0]?.type ?? "f64";
  if ((asVector(type)?.element ?? type) !== "f32") return (a) => exponential(numbers, a, "f64");
  return (a) => Math.fround(exponential(numbers, a, "f32"));
}
