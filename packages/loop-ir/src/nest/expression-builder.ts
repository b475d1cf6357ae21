import { LoopError } from "../errors.ts";
import type { BinaryOperator, ComparisonOperator, Expression, ReductionOperator, UnaryOperator } from "./nest.ts";
import { operatorFault } from "./operators.ts";
import {
  comparisonOf,
  isMask,
  isVector,
  laneOf,
  lanesOf,
  type MaskType,
  type ScalarType,
  sameType,
  type Type,
  typeName,
  type VectorType,
} from "./types.ts";

/** What an operation takes: an expression, or a number that becomes a constant of the other side's type. */
export type Operand = Expression | number | bigint | boolean;

/** Makes expressions and checks their types at once: a fault is thrown where the expression is written. */
export class ExpressionBuilder {
  /** The number of the unit that runs, an i32. */
  readonly unit: Expression = { kind: "unit", type: "i32" };
  /** How many units there are, an i32. */
  readonly units: Expression = { kind: "units", type: "i32" };
  /** The thread that runs the unit, an i32 from 0: to find scratch space, never to compute a result. */
  readonly worker: Expression = { kind: "worker", type: "i32" };

  /** @throws {LoopError} `nest-type` if the value does not fit the type. */
  constant(type: ScalarType, value: number | bigint | boolean): Expression {
    return { kind: "constant", type, value: constantValue(type, value) };
  }

  /** An i32 constant. */
  i32(value: number): Expression {
    return this.constant("i32", value);
  }

  /** An i64 constant. */
  i64(value: number | bigint): Expression {
    return this.constant("i64", value);
  }

  /** An f64 constant. */
  f64(value: number): Expression {
    return this.constant("f64", value);
  }

  /** An f32 constant. */
  f32(value: number): Expression {
    return this.constant("f32", value);
  }

  /** `left + right`; integers wrap. */
  add(left: Operand, right: Operand): Expression {
    return this.binary("add", left, right);
  }

  /** `left - right`; integers wrap. */
  subtract(left: Operand, right: Operand): Expression {
    return this.binary("subtract", left, right);
  }

  /** `left * right`; integers wrap. */
  multiply(left: Operand, right: Operand): Expression {
    return this.binary("multiply", left, right);
  }

  /** `left / right`; integers cut towards zero, and end the run where there is no result. */
  divide(left: Operand, right: Operand): Expression {
    return this.binary("divide", left, right);
  }

  /** The lesser of two; NaN if either is NaN. */
  minimum(left: Operand, right: Operand): Expression {
    return this.binary("minimum", left, right);
  }

  /** The greater of two; NaN if either is NaN. */
  maximum(left: Operand, right: Operand): Expression {
    return this.binary("maximum", left, right);
  }

  /** Both, of bools and masks; bit by bit, of integers. */
  and(left: Operand, right: Operand): Expression {
    return this.binary("and", left, right);
  }

  /** Either, of bools and masks; bit by bit, of integers. */
  or(left: Operand, right: Operand): Expression {
    return this.binary("or", left, right);
  }

  /** The opposite of a bool or mask; all bits of an integer turned. */
  not(operand: Expression): Expression {
    return this.unary("not", operand);
  }

  /** Whether two values are equal; per lane, as a mask, of vectors. */
  equal(left: Operand, right: Operand): Expression {
    return this.compare("equal", left, right);
  }

  /** Whether two values differ; per lane, as a mask, of vectors. */
  notEqual(left: Operand, right: Operand): Expression {
    return this.compare("not-equal", left, right);
  }

  /** Whether `left` is below `right`; per lane, as a mask, of vectors. */
  less(left: Operand, right: Operand): Expression {
    return this.compare("less", left, right);
  }

  /** Whether `left` is at most `right`; per lane, as a mask, of vectors. */
  lessEqual(left: Operand, right: Operand): Expression {
    return this.compare("less-equal", left, right);
  }

  /** Any {@link UnaryOperator}. @throws {LoopError} `nest-type` if it is not for the operand's type. */
  unary(operator: UnaryOperator, operand: Expression): Expression {
    const expression: Expression = { kind: "unary", type: operand.type, operator, operand };
    return refused(operatorFault(expression)) ?? expression;
  }

  /** Any {@link BinaryOperator}. @throws {LoopError} `nest-type` if it is not for these types. */
  binary(operator: BinaryOperator, left: Operand, right: Operand): Expression {
    const [first, second] = this.#pair(left, right);
    const expression: Expression = { kind: "binary", type: first.type, operator, left: first, right: second };
    return refused(operatorFault(expression)) ?? expression;
  }

  /** Any {@link ComparisonOperator}. @throws {LoopError} `nest-type` if the sides differ in type. */
  compare(operator: ComparisonOperator, left: Operand, right: Operand): Expression {
    const [first, second] = this.#pair(left, right);
    const type = comparisonOf(first.type);
    const expression: Expression = { kind: "compare", type, operator, left: first, right: second };
    return refused(operatorFault(expression)) ?? expression;
  }

  /** One of two values, both of which are computed. @throws {LoopError} `nest-type` if they differ in type. */
  select(condition: Expression, then: Operand, otherwise: Operand): Expression {
    const [first, second] = this.#pair(then, otherwise);
    const expression: Expression = { kind: "select", type: first.type, condition, whenTrue: first, whenFalse: second };
    return refused(operatorFault(expression)) ?? expression;
  }

  /** A scalar as another scalar type, or `i32` lanes as `f32` lanes; the expression itself if it has that type. */
  convert(type: ScalarType | VectorType, operand: Expression): Expression {
    if (sameType(operand.type, type)) return operand;
    const expression: Expression = { kind: "convert", type, operand };
    return refused(operatorFault(expression)) ?? expression;
  }

  /** A scalar in every lane of a vector. */
  splat(type: VectorType, operand: Operand): Expression {
    const scalar = typeof operand === "object" ? operand : this.constant(type.lane, operand);
    const expression: Expression = { kind: "splat", type, operand: scalar };
    return refused(operatorFault(expression)) ?? expression;
  }

  /** `0, 1, 2, …` in the lanes of an integer vector. */
  iota(type: VectorType): Expression {
    const expression: Expression = { kind: "iota", type };
    return refused(operatorFault(expression)) ?? expression;
  }

  /** The mask of `type` whose first `count` lanes are true. */
  firstLanes(type: MaskType, count: Operand): Expression {
    const operand = typeof count === "object" ? count : this.constant("i32", count);
    const expression: Expression = { kind: "first-lanes", type, count: operand };
    return refused(operatorFault(expression)) ?? expression;
  }

  /** The value in one lane of a vector. */
  lane(operand: Expression, lane: number): Expression {
    const expression: Expression = { kind: "lane", type: laneOf(operand.type), operand, lane };
    return refused(operatorFault(expression)) ?? expression;
  }

  /** The lanes of a vector joined, in order from lane 0. */
  reduce(operator: ReductionOperator, operand: Expression): Expression {
    const expression: Expression = { kind: "reduce", type: laneOf(operand.type), operator, operand };
    return refused(operatorFault(expression)) ?? expression;
  }

  #pair(left: Operand, right: Operand): [Expression, Expression] {
    if (typeof left === "object") return [left, this.#like(left.type, right)];
    if (typeof right === "object") return [this.#like(right.type, left), right];
    throw new LoopError("nest-type", `an operation on ${left} and ${right} has no type; make one of them a constant`);
  }

  #like(type: Type, operand: Operand): Expression {
    if (typeof operand === "object") return operand;
    if (isVector(type)) return this.splat(type, operand);
    if (isMask(type)) return this.firstLanes(type, operand === true ? lanesOf(type) : 0);
    return this.constant(type, operand);
  }
}

function refused(fault: string | undefined): undefined {
  if (fault !== undefined) throw new LoopError("nest-type", fault);
  return undefined;
}

function constantValue(type: ScalarType, value: number | bigint | boolean): number | bigint | boolean {
  const fits = fitting(type, value);
  if (fits === undefined) throw new LoopError("nest-type", `${String(value)} is no constant of type ${typeName(type)}`);
  return fits;
}

function fitting(type: ScalarType, value: number | bigint | boolean): number | bigint | boolean | undefined {
  switch (type) {
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "i32":
      return Number(value) === (Number(value) | 0) && typeof value !== "boolean" ? Number(value) | 0 : undefined;
    case "i64": {
      if (typeof value === "boolean" || (typeof value === "number" && !Number.isSafeInteger(value))) return undefined;
      return BigInt.asIntN(64, BigInt(value)) === BigInt(value) ? BigInt(value) : undefined;
    }
    case "f32":
      return typeof value === "number" ? Math.fround(value) : undefined;
    case "f64":
      return typeof value === "number" ? value : undefined;
  }
}

/** Whether an operand and a type go together: used by statements, which have a type to expect. */
export function expectType(what: string, expected: Type, operand: Expression): Expression {
  if (sameType(operand.type, expected)) return operand;
  throw new LoopError("nest-type", `${what} takes ${typeName(expected)}, not ${typeName(operand.type)}`);
}
