/** Arithmetic of programs as expressions of a compiled loop nest, with the bits that interpreters give. */
import type { BinaryOperator, ComparisonOperator, NestBuilder, UnaryOperator, Value } from "@millrace/loop-ir";
import { type IrType, isFloat } from "../../ir/types.ts";
import { exponentialExpression } from "../float-expressions.ts";

/** The type that values of a program have in a kernel: integers are wide, and halves, which are only moved, exact. */
export function kernelType(type: IrType): "i64" | "f32" | "f64" | "bool" {
  if (type === "i1") return "bool";
  if (type === "f32") return "f32";
  return isFloat(type) ? "f64" : "i64";
}

const binary: Readonly<Record<string, BinaryOperator>> = {
  ...{ addf: "add", subf: "subtract", mulf: "multiply", divf: "divide", maxf: "maximum", minf: "minimum" },
  ...{ addi: "add", subi: "subtract", muli: "multiply", divsi: "divide", remsi: "remainder" },
  ...{ maxsi: "maximum", minsi: "minimum" },
};
const unary: Readonly<Record<string, UnaryOperator>> = { negf: "negate", absf: "absolute", sqrt: "square-root" };
const casts = new Set(["extf", "truncf", "sitofp", "index_cast"]);
// Predicates by number, as MLIR numbers them.
const integerPredicates: readonly ComparisonOperator[] = [
  ...(["equal", "not-equal", "less", "less-equal", "greater", "greater-equal"] as const),
];
const floatPredicates: readonly (ComparisonOperator | undefined)[] = [
  ...([undefined, "equal", "greater", "greater-equal", "less", "less-equal"] as const),
];

/** One operation: its name without the dialect, the type of its result, and its predicate if it compares. */
export interface Arithmetic {
  readonly name: string;
  readonly type: IrType;
  readonly predicate: number | undefined;
}

/** The expression of an operation over `operands`; undefined where a kernel has none, or would round otherwise. */
export function arithmeticExpression(
  b: NestBuilder,
  { name, type, predicate }: Arithmetic,
  operands: readonly Value[],
): Value | undefined {
  const [left, right, third] = operands as [Value, Value, Value];
  const to = kernelType(type);
  // Halves are rounded where they are stored: what casts give is moved, and nothing is computed with it.
  if (casts.has(name)) return left.type === "bool" ? undefined : b.convert(to, left);
  if (name === "cmpi" || name === "cmpf") {
    const operator = (name === "cmpi" ? integerPredicates : floatPredicates)[predicate ?? -1];
    return operator === undefined ? undefined : b.compare(operator, left, right);
  }
  if (name === "select") return b.select(left, right, third);
  if (type === "f16" || type === "bf16") return undefined;
  if (name === "exp") return to === "f32" || to === "f64" ? exponentialExpression(b, left, to) : undefined;
  const [one, two] = [unary[name], binary[name]];
  if (one !== undefined) return b.unary(one, left);
  if (two === undefined || to === "bool") return undefined;
  if (two === "divide" && to === "i64") b.check(b.notEqual(right, b.i64(0)), "a division by zero");
  if (two === "remainder") b.check(b.notEqual(right, b.i64(0)), "a remainder by zero");
  return b.binary(two, left, right);
}
