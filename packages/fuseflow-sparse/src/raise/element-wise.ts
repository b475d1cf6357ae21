/** Functions of single elements that have no block of their own, as expressions of those that have. */
import type { ProgramBinary, ProgramExpression } from "../program/program.ts";
import type { UnaryOperation } from "../sam/graph.ts";
import type { Node } from "./model-types.ts";
import { binary, scaled, unary } from "./pieces.ts";

/** Operators with one operand that are one block, by neutral name. */
const blocks: Readonly<Record<string, UnaryOperation>> = {
  ...{ relu: "relu", exp: "exp", log: "log", sin: "sin", cos: "cos", sqrt: "sqrt", rsqrt: "rsqrt" },
  ...{ sigmoid: "sigmoid", tanh: "tanh", erf: "erf" },
};

const negated = (x: ProgramExpression): ProgramExpression => scaled("scalar-mul", -1, x);
const least = (bound: number, x: ProgramExpression): ProgramExpression => negated(scaled("max", -bound, negated(x)));

/** What an operator with one operand makes of it; null for operators that are none of these. */
export function elementWise({ op, attributes }: Node): ((x: ProgramExpression) => ProgramExpression) | null {
  const block = Object.hasOwn(blocks, op) ? blocks[op] : undefined;
  if (block !== undefined) return (x) => unary(block, x);
  switch (op) {
    case "neg":
      return negated;
    case "square":
      return (x) => binary("mul", x, x);
    case "abs":
      return (x) => binary("max", x, negated(x));
    case "silu":
      return (x) => binary("mul", x, unary("sigmoid", x));
    case "leaky-relu":
      return (x) => scaled("leakyrelu", Number(attributes.alpha ?? 0.01), x);
    case "clamp": {
      const { minimum, maximum } = attributes;
      const raised = (x: ProgramExpression) => (isNumber(minimum) ? scaled("max", Number(minimum), x) : x);
      return (x) => (isNumber(maximum) ? least(Number(maximum), raised(x)) : raised(x));
    }
    default:
      return null;
  }
}

const isNumber = (bound: unknown): boolean => bound !== null && bound !== undefined && Number.isFinite(Number(bound));

/** Operators with two operands, by neutral name. */
export const pairs: Readonly<Record<string, (a: ProgramExpression, b: ProgramExpression) => ProgramExpression>> = {
  ...Object.fromEntries(
    (
      [
        ["add", "add"],
        ["sub", "sub"],
        ["mul", "mul"],
        ["div", "div"],
        ["maximum", "max"],
      ] as const
    ).map(
      ([name, operation]: readonly [string, ProgramBinary]) =>
        [name, (a: ProgramExpression, b: ProgramExpression) => binary(operation, a, b)] as const,
    ),
  ),
  minimum: (a, b) => negated(binary("max", negated(a), negated(b))),
};

/** An operator of {@link pairs} with a constant on one side; null where there is no block for it. */
export function withConstant(
  op: string,
  { constant, left }: { readonly constant: number; readonly left: boolean },
): ((x: ProgramExpression) => ProgramExpression) | null {
  if (op === "pow" && !left && constant === 2) return (x) => binary("mul", x, x);
  if (op === "sub") return (x) => scaled("scalar-add", left ? constant : -constant, left ? negated(x) : x);
  if (op === "div") return left ? null : (x) => scaled("scalar-div", constant, x);
  if (op === "add") return (x) => scaled("scalar-add", constant, x);
  if (op === "mul") return (x) => scaled("scalar-mul", constant, x);
  if (op === "maximum") return (x) => scaled("max", constant, x);
  return op === "minimum" ? (x) => least(constant, x) : null;
}
