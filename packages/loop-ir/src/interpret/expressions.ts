import type { Expression, Nest } from "../nest/nest.ts";
import { elementBytes, laneOf, lanesOf, type Type, valueTypeOf } from "../nest/types.ts";
import { binaryFunction, comparisonFunction, convertFunction, type Scalar, unaryFunction } from "./arithmetic.ts";
import { type Datum, FaultSignal, type Frame } from "./frame.ts";
import { wideningOf } from "./halves.ts";

/** An expression as a closure. */
export type Evaluation = (frame: Frame) => Datum;

/** Makes an expression ready to be evaluated many times. */
export function compileExpression(nest: Nest, expression: Expression): Evaluation {
  const inner = (operand: Expression) => compileExpression(nest, operand);
  switch (expression.kind) {
    case "constant": {
      const { value } = expression;
      return () => value;
    }
    case "local": {
      const { local } = expression;
      return (frame) => frame.locals[local]!;
    }
    case "scalar": {
      const { scalar } = expression;
      return (frame) => frame.scalars[scalar]!;
    }
    case "unit":
      return (frame) => frame.unit;
    case "units":
      return (frame) => frame.units;
    case "worker":
      return (frame) => frame.worker;
    case "length": {
      const { buffer } = expression;
      return (frame) => BigInt(frame.arrays[buffer]!.length);
    }
    case "load":
      return compileLoad(nest, expression);
    case "unary":
      return lanewise1(expression.type, unaryFunction(expression.operator, expression.type), inner(expression.operand));
    case "binary":
      return lanewise2(expression.type, binaryFunction(expression.operator, expression.type), [
        inner(expression.left),
        inner(expression.right),
      ]);
    case "compare":
      return lanewise2(expression.type, comparisonFunction(expression.operator), [
        inner(expression.left),
        inner(expression.right),
      ]);
    case "convert": {
      const change = convertFunction(laneOf(expression.operand.type), laneOf(expression.type));
      return lanewise1(expression.type, change, inner(expression.operand));
    }
    default:
      return compileVector(expression, inner);
  }
}

function compileVector(expression: Expression, inner: (operand: Expression) => Evaluation): Evaluation {
  switch (expression.kind) {
    case "select":
      return compileSelect(expression, inner);
    case "splat": {
      const operand = inner(expression.operand);
      const lanes = lanesOf(expression.type);
      return (frame) => new Array<Scalar>(lanes).fill(operand(frame) as Scalar);
    }
    case "iota": {
      const long = laneOf(expression.type) === "i64";
      const values = Array.from({ length: lanesOf(expression.type) }, (_, lane) => (long ? BigInt(lane) : lane));
      return () => values;
    }
    case "first-lanes": {
      const count = inner(expression.count);
      const lanes = lanesOf(expression.type);
      return (frame) => {
        const first = count(frame) as number;
        return Array.from({ length: lanes }, (_, lane) => lane < first);
      };
    }
    case "lane": {
      const operand = inner(expression.operand);
      const { lane } = expression;
      return (frame) => (operand(frame) as readonly Scalar[])[lane]!;
    }
    case "reduce": {
      const operand = inner(expression.operand);
      const join = binaryFunction(expression.operator, expression.type);
      return (frame) => (operand(frame) as readonly Scalar[]).reduce((a, b) => join(a as never, b as never));
    }
    default:
      throw new TypeError(`no such expression: ${expression.kind}`);
  }
}

function lanewise1(type: Type, compute: (a: never) => Scalar, operand: Evaluation): Evaluation {
  if (typeof type === "string") return (frame) => compute(operand(frame) as never);
  return (frame) => (operand(frame) as readonly Scalar[]).map((value) => compute(value as never));
}

function lanewise2(
  type: Type,
  compute: (a: never, b: never) => Scalar,
  [left, right]: readonly [Evaluation, Evaluation],
): Evaluation {
  if (typeof type === "string") return (frame) => compute(left(frame) as never, right(frame) as never);
  return (frame) => {
    const first = left(frame) as readonly Scalar[];
    const second = right(frame) as readonly Scalar[];
    return first.map((value, lane) => compute(value as never, second[lane] as never));
  };
}

function compileSelect(
  expression: Extract<Expression, { kind: "select" }>,
  inner: (operand: Expression) => Evaluation,
): Evaluation {
  const condition = inner(expression.condition);
  const then = inner(expression.whenTrue);
  const otherwise = inner(expression.whenFalse);
  if (typeof expression.condition.type === "string") {
    return (frame) => {
      const [first, second] = [then(frame), otherwise(frame)];
      return condition(frame) ? first : second;
    };
  }
  return (frame) => {
    const mask = condition(frame) as readonly boolean[];
    const [first, second] = [then(frame) as readonly Scalar[], otherwise(frame) as readonly Scalar[]];
    return mask.map((taken, lane) => (taken ? first[lane]! : second[lane]!));
  };
}

function compileLoad(nest: Nest, expression: Extract<Expression, { kind: "load" }>): Evaluation {
  const { buffer, type } = expression;
  const index = compileExpression(nest, expression.index);
  const { element } = nest.buffers[buffer]!;
  const bool = element === "bool";
  const widen = wideningOf(element);
  const fault = new FaultSignal({ code: "out-of-bounds", buffer });
  const entry = (frame: Frame, place: number): Scalar => {
    const value = frame.arrays[buffer]![place];
    if (value === undefined) throw fault;
    if (widen !== undefined) return widen(value as number);
    return bool ? value !== 0 : value;
  };
  if (typeof type === "string") return (frame) => entry(frame, Number(index(frame)));
  const { lanes } = type;
  const mask = expression.mask === undefined ? undefined : compileExpression(nest, expression.mask);
  const zero = zeroOf(laneOf(type));
  return (frame) => {
    const first = Number(index(frame));
    const taken = mask?.(frame) as readonly boolean[] | undefined;
    return Array.from({ length: lanes }, (_, lane) =>
      taken === undefined || taken[lane] ? entry(frame, first + lane) : zero,
    );
  };
}

function zeroOf(type: ReturnType<typeof laneOf>): Scalar {
  if (type === "bool") return false;
  return elementBytes(type) === 8 && valueTypeOf(type) === "i64" ? 0n : 0;
}
