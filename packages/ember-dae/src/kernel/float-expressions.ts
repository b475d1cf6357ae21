/** Floating-point expressions of loop nests, for what is computed alike by interpreters and kernels. */
import type { NestBuilder, Value } from "@millrace/loop-ir";
import { exponential, type FloatAlgebra } from "../interpret/exponential.ts";

/** The exponential of `value`, an `f32` or `f64`, with the bits that interpreters give. */
export function exponentialExpression(b: NestBuilder, value: Value, type: "f32" | "f64"): Value {
  return b.convert(type, exponential(expressions(b), b.convert("f64", value), type));
}

function expressions(b: NestBuilder): FloatAlgebra<Value> {
  return {
    constant: (value) => b.f64(value),
    add: (left, right) => b.add(left, right),
    subtract: (left, right) => b.subtract(left, right),
    multiply: (left, right) => b.multiply(left, right),
    minimum: (left, right) => b.minimum(left, right),
    maximum: (left, right) => b.maximum(left, right),
    nearest: (operand) => b.unary("nearest", operand),
    floor: (operand) => b.unary("floor", operand),
    selectAtLeast: (x, y, [left, right]) => b.select(b.compare("greater-equal", x, y), left, right),
    hold: (value) => b.local("held", value),
  };
}
