/** What each operator gives for scalars: the meaning that every back end must reproduce bit by bit. */
import type { BinaryOperator, ComparisonOperator, UnaryOperator } from "../nest/nest.ts";
import { laneOf, type ScalarType, type Type } from "../nest/types.ts";

/** A scalar in the interpreter: an i64 is a bigint, a bool a boolean, the rest numbers. */
export type Scalar = number | bigint | boolean;

type NumberPair = (a: number, b: number) => number;
type BigPair = (a: bigint, b: bigint) => bigint;

/** Why an integer division has no result. */
export class DivisionFault extends Error {}

function divided(a: number, b: number): number {
  if (b === 0 || (b === -1 && a === -0x80000000)) throw new DivisionFault();
  return (a / b) | 0;
}

function remaining(a: number, b: number): number {
  if (b === 0) throw new DivisionFault();
  return (a % b) | 0;
}

function lesser<T>(a: T, b: T): T {
  return b < a ? b : a;
}

function greater<T>(a: T, b: T): T {
  return b > a ? b : a;
}

const ints: Readonly<Record<BinaryOperator, NumberPair>> = {
  add: (a, b) => (a + b) | 0,
  subtract: (a, b) => (a - b) | 0,
  multiply: Math.imul,
  divide: divided,
  remainder: remaining,
  minimum: lesser,
  maximum: greater,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  "exclusive-or": (a, b) => a ^ b,
  "shift-left": (a, b) => a << b,
  "shift-right": (a, b) => a >> b,
  "shift-right-unsigned": (a, b) => (a >>> b) | 0,
};

const wrap = (value: bigint) => BigInt.asIntN(64, value);

const longs: Readonly<Record<BinaryOperator, BigPair>> = {
  add: (a, b) => wrap(a + b),
  subtract: (a, b) => wrap(a - b),
  multiply: (a, b) => wrap(a * b),
  divide(a, b) {
    if (b === 0n || (b === -1n && a === -(2n ** 63n))) throw new DivisionFault();
    return a / b;
  },
  remainder(a, b) {
    if (b === 0n) throw new DivisionFault();
    return a % b;
  },
  minimum: lesser,
  maximum: greater,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  "exclusive-or": (a, b) => a ^ b,
  "shift-left": (a, b) => wrap(a << (b & 63n)),
  "shift-right": (a, b) => a >> (b & 63n),
  "shift-right-unsigned": (a, b) => wrap(BigInt.asUintN(64, a) >> (b & 63n)),
};

const doubles: Readonly<Partial<Record<BinaryOperator, NumberPair>>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  minimum: Math.min,
  maximum: Math.max,
};

const truths: Readonly<Partial<Record<BinaryOperator, (a: boolean, b: boolean) => boolean>>> = {
  and: (a, b) => a && b,
  or: (a, b) => a || b,
  "exclusive-or": (a, b) => a !== b,
};

/** `operator` on two scalars of the lane type of `type`. */
export function binaryFunction(operator: BinaryOperator, type: Type): (a: never, b: never) => Scalar {
  const lane = laneOf(type);
  if (lane === "i32") return ints[operator] as never;
  if (lane === "i64") return longs[operator] as never;
  if (lane === "bool") return truths[operator] as never;
  const double = doubles[operator] as NumberPair;
  if (lane === "f64") return double as never;
  return ((a: number, b: number) => Math.fround(double(a, b))) as never;
}

/** `operator` on two scalars of one type. */
export function comparisonFunction(operator: ComparisonOperator): (a: never, b: never) => boolean {
  switch (operator) {
    case "equal":
      return (a, b) => a === b;
    case "not-equal":
      return (a, b) => a !== b;
    case "less":
      return (a, b) => a < b;
    case "less-equal":
      return (a, b) => a <= b;
    case "greater":
      return (a, b) => a > b;
    case "greater-equal":
      return (a, b) => a >= b;
  }
}

/** `operator` on a scalar of the lane type of `type`. */
export function unaryFunction(operator: UnaryOperator, type: Type): (a: never) => Scalar {
  const lane = laneOf(type);
  if (lane === "bool") return ((a: boolean) => !a) as never;
  if (lane === "i32") return intUnary(operator) as never;
  if (lane === "i64") return longUnary(operator) as never;
  const double = floatUnary(operator);
  return (lane === "f64" ? double : (a: number) => Math.fround(double(a))) as never;
}

function floatUnary(operator: UnaryOperator): (a: number) => number {
  switch (operator) {
    case "negate":
      return (a) => -a;
    case "absolute":
      return Math.abs;
    case "square-root":
      return Math.sqrt;
    case "floor":
      return Math.floor;
    case "ceiling":
      return Math.ceil;
    case "truncate":
      return Math.trunc;
    default:
      return nearest;
  }
}

/** To the nearest integral value, ties to the even one. */
function nearest(value: number): number {
  const large = 2 ** 52;
  if (!(Math.abs(value) < large)) return value;
  const rounded = value > 0 || Object.is(value, 0) ? value + large - large : value - large + large;
  return rounded === 0 && (value < 0 || Object.is(value, -0)) ? -0 : rounded;
}

function intUnary(operator: UnaryOperator): (a: number) => number {
  switch (operator) {
    case "negate":
      return (a) => -a | 0;
    case "absolute":
      return (a) => Math.abs(a) | 0;
    case "not":
      return (a) => ~a;
    case "population-count":
      return (a) => {
        let count = 0;
        for (let bits = a >>> 0; bits !== 0; bits &= bits - 1) count++;
        return count;
      };
    default:
      return (a) => (a === 0 ? 32 : 31 - Math.clz32(a & -a));
  }
}

function longUnary(operator: UnaryOperator): (a: bigint) => bigint {
  switch (operator) {
    case "negate":
      return (a) => wrap(-a);
    case "absolute":
      return (a) => wrap(a < 0n ? -a : a);
    case "not":
      return (a) => ~a;
    case "population-count":
      return (a) => {
        let count = 0n;
        for (let bits = BigInt.asUintN(64, a); bits !== 0n; bits &= bits - 1n) count++;
        return count;
      };
    default:
      return (a) => {
        if (a === 0n) return 64n;
        let count = 0n;
        for (let bits = a; (bits & 1n) === 0n; bits >>= 1n) count++;
        return count;
      };
  }
}

/** A scalar of one type as another. */
export function convertFunction(from: ScalarType, to: ScalarType): (a: never) => Scalar {
  if (to === "bool") return ((a: Scalar) => (typeof a === "bigint" ? a !== 0n : Number(a) !== 0)) as never;
  if (to === "f64") return ((a: Scalar) => Number(a)) as never;
  if (to === "f32")
    return (from === "i64" ? (a: bigint) => nearestFloat(a) : (a: Scalar) => Math.fround(Number(a))) as never;
  if (to === "i32") return (from === "i64" ? (a: bigint) => Number(BigInt.asIntN(32, a)) : saturate32) as never;
  return (from === "f32" || from === "f64" ? saturate64 : (a: Scalar) => BigInt(a)) as never;
}

/** Rounds once, where going through an f64 would round twice. */
function nearestFloat(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 2n ** 53n) return Math.fround(Number(value));
  const sticky = magnitude % 2n ** 12n === 0n ? magnitude : ((magnitude >> 12n) << 12n) | (2n ** 11n);
  const rounded = Math.fround(Number(sticky));
  return value < 0n ? -rounded : rounded;
}

function saturate32(value: Scalar): number {
  const number = Number(value);
  if (!(number > -(2 ** 31))) return Number.isNaN(number) ? 0 : -(2 ** 31);
  return number >= 2 ** 31 ? 2 ** 31 - 1 : Math.trunc(number) | 0;
}

function saturate64(number: number): bigint {
  if (Number.isNaN(number)) return 0n;
  if (number <= -(2 ** 63)) return -(2n ** 63n);
  return number >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(Math.trunc(number));
}
