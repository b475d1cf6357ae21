/** Which operators go with which types: the one place that says so, for the builder and for the verifier. */
import type { BinaryOperator, Expression, UnaryOperator } from "./nest.ts";
import {
  comparisonOf,
  elementBytes,
  isFloat,
  isInteger,
  isMask,
  isVector,
  laneOf,
  lanesOf,
  sameType,
  type Type,
  typeName,
} from "./types.ts";

/** What is wrong with the types of one expression, given that those of its operands are right; undefined if nothing. */
export function operatorFault(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "unary":
      return unaryFault(expression.operator, expression.operand.type, expression.type);
    case "binary": {
      const { left, right, operator, type } = expression;
      if (!sameType(left.type, right.type)) return differ(operator, left.type, right.type);
      return binaryAllowed(operator, type) && sameType(type, left.type) ? undefined : notFor(operator, left.type);
    }
    case "compare": {
      const { left, right, operator, type } = expression;
      if (!sameType(left.type, right.type)) return differ(operator, left.type, right.type);
      if (isMask(left.type)) return notFor(operator, left.type);
      if (left.type === "bool" && operator !== "equal" && operator !== "not-equal") return notFor(operator, "bool");
      return sameType(type, comparisonOf(left.type)) ? undefined : `${operator} does not give ${typeName(type)}`;
    }
    case "select":
      return selectFault(expression.condition.type, expression.whenTrue.type, expression.whenFalse.type);
    case "convert":
      return convertible(expression.operand.type, expression.type)
        ? undefined
        : `only scalars, and i32 lanes to f32, are converted, not ${typeName(expression.operand.type)} to ${typeName(expression.type)}`;
    default:
      return vectorFault(expression);
  }
}

/** Scalars to any scalar; of vectors, `i32` lanes to `f32`, which every machine has an instruction for. */
function convertible(from: Type, to: Type): boolean {
  if (typeof from === "string" || typeof to === "string") return typeof from === typeof to;
  return isVector(from) && isVector(to) && from.lane === "i32" && to.lane === "f32" && from.lanes === to.lanes;
}

function vectorFault(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "splat":
      if (laneFault(expression.type) !== undefined) return laneFault(expression.type);
      return sameType(expression.operand.type, laneOf(expression.type))
        ? undefined
        : `${typeName(expression.operand.type)} does not fill the lanes of ${typeName(expression.type)}`;
    case "iota":
      return isInteger(expression.type) ? laneFault(expression.type) : notFor("iota", expression.type);
    case "first-lanes":
      if (!isMask(expression.type)) return notFor("first-lanes", expression.type);
      return expression.count.type === "i32"
        ? laneFault(expression.type)
        : notFor("first-lanes", expression.count.type);
    case "lane": {
      const { operand, lane } = expression;
      if (!isVector(operand.type)) return notFor("lane", operand.type);
      return Number.isInteger(lane) && lane >= 0 && lane < operand.type.lanes
        ? undefined
        : `${typeName(operand.type)} has no lane ${lane}`;
    }
    case "reduce":
      return isVector(expression.operand.type) ? undefined : notFor("reduce", expression.operand.type);
    default:
      return undefined;
  }
}

/** What is wrong with a vector or mask type itself. */
function laneFault(type: Type): string | undefined {
  if (typeof type === "string") return notFor("a vector operation", type);
  const bits = isVector(type) ? elementBytes(type.lane) * 8 : type.bits;
  const bytes = (bits * type.lanes) / 8;
  return [16, 32, 64, 128].includes(bytes) ? undefined : `${typeName(type)} does not take 16, 32, 64 or 128 bytes`;
}

const roundings: readonly UnaryOperator[] = ["square-root", "floor", "ceiling", "truncate", "nearest"];

function unaryFault(operator: UnaryOperator, type: Type, result: Type): string | undefined {
  if (!sameType(type, result)) return differ(operator, type, result);
  const allowed =
    operator === "not"
      ? !isFloat(type)
      : operator === "population-count" || operator === "trailing-zeros"
        ? isInteger(type) && typeof type === "string"
        : roundings.includes(operator)
          ? isFloat(type)
          : isFloat(type) || isInteger(type);
  return allowed ? undefined : notFor(operator, type);
}

function binaryAllowed(operator: BinaryOperator, type: Type): boolean {
  switch (operator) {
    case "and":
    case "or":
    case "exclusive-or":
      return !isFloat(type);
    case "remainder":
    case "shift-left":
    case "shift-right":
    case "shift-right-unsigned":
      return isInteger(type) && typeof type === "string";
    case "divide":
      return isFloat(type) || (isInteger(type) && typeof type === "string");
    default:
      return isFloat(type) || isInteger(type);
  }
}

function selectFault(condition: Type, then: Type, otherwise: Type): string | undefined {
  if (!sameType(then, otherwise)) return differ("select", then, otherwise);
  if (condition === "bool") return undefined;
  if (!isMask(condition) || lanesOf(condition) !== lanesOf(then)) return notFor("select", condition);
  return isMask(then) || sameType(condition, comparisonOf(then)) ? undefined : differ("select", condition, then);
}

function differ(operator: string, left: Type, right: Type): string {
  return `${operator} takes two values of one type, not ${typeName(left)} and ${typeName(right)}`;
}

function notFor(operator: string, type: Type): string {
  return `${operator} is not for ${typeName(type)}`;
}
