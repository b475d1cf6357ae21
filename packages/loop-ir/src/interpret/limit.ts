import type { Expression, Nest } from "../nest/nest.ts";
import { operandsOf } from "../nest/walk.ts";
import { binaryFunction, comparisonFunction, convertFunction, type Scalar, unaryFunction } from "./arithmetic.ts";

/** What a limit may refer to. */
interface LimitArguments {
  readonly arrays: readonly { readonly length: number }[];
  readonly scalars: readonly Scalar[];
}

/** The value of an expression over scalars and lengths. */
export function evaluateLimit(nest: Nest, expression: Expression, given: LimitArguments): Scalar {
  const operands = operandsOf(expression).map((operand) => evaluateLimit(nest, operand, given) as never);
  const [first, second, third] = operands as [never, never, never];
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "scalar":
      return given.scalars[expression.scalar]!;
    case "length":
      return BigInt(given.arrays[expression.buffer]!.length);
    case "unary":
      return unaryFunction(expression.operator, expression.type)(first);
    case "binary":
      return binaryFunction(expression.operator, expression.type)(first, second);
    case "compare":
      return comparisonFunction(expression.operator)(first, second);
    case "select":
      return first ? second : third;
    default:
      return expression.kind === "convert"
        ? convertFunction(expression.operand.type as never, expression.type as never)(first)
        : 0;
  }
}
