import {
  binaryFunction,
  comparisonFunction,
  convertFunction,
  type Scalar,
  unaryFunction,
} from "../interpret/arithmetic.ts";
import type { Expression, Nest, Statement } from "../nest/nest.ts";
import { laneOf, type ScalarType } from "../nest/types.ts";
import { mapBodies, mapExpressions, rewrite } from "../nest/walk.ts";

/** Computes what is constant, leaves out operations that change nothing, and branches and loops that are never taken. */
export function fold(nest: Nest): Nest {
  return { ...nest, body: foldBlock(nest.body) };
}

function foldBlock(body: readonly Statement[]): Statement[] {
  return body.flatMap((statement) => {
    const folded = mapBodies(mapExpressions(statement, foldExpression), foldBlock);
    switch (folded.kind) {
      case "if":
        if (folded.condition.kind === "constant") return folded.condition.value ? folded.whenTrue : folded.whenFalse;
        return folded.whenTrue.length + folded.whenFalse.length === 0 ? [] : [folded];
      case "for": {
        const { from, to } = folded;
        const never = from.kind === "constant" && to.kind === "constant" && from.value >= to.value;
        return never ? [] : [folded];
      }
      case "while":
        return folded.condition.kind === "constant" && folded.condition.value === false ? folded.head : [folded];
      case "check":
        return folded.condition.kind === "constant" && folded.condition.value === true ? [] : [folded];
      default:
        return [folded];
    }
  });
}

/** An expression with its constant parts computed. */
export function foldExpression(expression: Expression): Expression {
  return rewrite(expression, (rebuilt) => constantOf(rebuilt) ?? withoutIdentity(rebuilt));
}

function constantOf(expression: Expression): Expression | undefined {
  if (typeof expression.type !== "string") return undefined;
  try {
    const value = scalarOf(expression);
    return value === undefined ? undefined : { kind: "constant", type: expression.type, value };
  } catch {
    // A division without a result stays, to end the run where it is made.
    return undefined;
  }
}

function scalarOf(expression: Expression): Scalar | undefined {
  const known = (operand: Expression) => (operand.kind === "constant" ? (operand.value as never) : undefined);
  switch (expression.kind) {
    case "unary": {
      const operand = known(expression.operand);
      return operand === undefined ? undefined : unaryFunction(expression.operator, expression.type)(operand);
    }
    case "binary": {
      const [left, right] = [known(expression.left), known(expression.right)];
      if (left === undefined || right === undefined) return undefined;
      return binaryFunction(expression.operator, expression.type)(left, right);
    }
    case "compare": {
      const [left, right] = [known(expression.left), known(expression.right)];
      return left === undefined || right === undefined
        ? undefined
        : comparisonFunction(expression.operator)(left, right);
    }
    case "convert": {
      const operand = known(expression.operand);
      const [from, to] = [laneOf(expression.operand.type), expression.type as ScalarType];
      return operand === undefined ? undefined : convertFunction(from, to)(operand);
    }
    default:
      return undefined;
  }
}

/** `x + 0`, `x * 1` and the like are `x`; a float keeps `x + 0`, which turns -0 into 0. */
function withoutIdentity(expression: Expression): Expression {
  if (expression.kind === "select" && expression.condition.kind === "constant") {
    return expression.condition.value ? expression.whenTrue : expression.whenFalse;
  }
  if (expression.kind !== "binary") return expression;
  const { operator, left, right, type } = expression;
  const integer = type === "i32" || type === "i64";
  if (operator === "multiply" || operator === "divide") {
    if (isNumber(right, 1)) return left;
    return operator === "multiply" && isNumber(left, 1) ? right : expression;
  }
  if (type === "bool") return withoutBool(expression);
  if (!integer) return expression;
  if (["add", "subtract", "or", "exclusive-or"].includes(operator) && isNumber(right, 0)) return left;
  if (["add", "or", "exclusive-or"].includes(operator) && isNumber(left, 0)) return right;
  return expression;
}

function withoutBool(expression: Extract<Expression, { kind: "binary" }>): Expression {
  const { operator, left, right } = expression;
  const neutral = operator === "and";
  if (operator === "exclusive-or") return expression;
  if (right.kind === "constant" && right.value === neutral) return left;
  return left.kind === "constant" && left.value === neutral ? right : expression;
}

function isNumber(expression: Expression, value: number): boolean {
  return expression.kind === "constant" && typeof expression.value !== "boolean" && Number(expression.value) === value;
}
