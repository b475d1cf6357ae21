/** The functions of a task as functions of streaming programs: every element is one row of numbers, part after part. */
import { type AccumFunction, constant, type MapFunction, multiply, TileValue, tile } from "@millrace/step-ir";
import type { FormulaArray } from "../formula/array.ts";
import type { CompiledFn } from "../formula/compile.ts";

/** Numbers of all parts together. */
const widthOf = (parts: readonly FormulaArray[]): number => parts.reduce((sum, { size }) => sum + size, 0);

const rowOf = (numbers: Float64Array): TileValue => new TileValue(1, numbers.length, numbers);

function take(parts: readonly FormulaArray[], numbers: Float64Array, start: number): void {
  let next = start;
  for (const { values } of parts) {
    values.set(numbers.subarray(next, next + values.length));
    next += values.length;
  }
}

function put(parts: readonly FormulaArray[], numbers: Float64Array, start: number): void {
  let next = start;
  for (const { values } of parts) {
    numbers.set(values, next);
    next += values.length;
  }
}

/** A map: rows of what it takes to rows of what it gives. */
export function mapBody(fn: CompiledFn): MapFunction {
  const width = widthOf(fn.results);
  return {
    name: fn.name,
    arity: 1,
    infer: () => tile("f32", 1, width),
    flops: () => fn.flops,
    symbolicFlops: () => constant(fn.flops),
    apply([row]) {
      take(fn.x, row!.numbers, 0);
      fn.run();
      const numbers = new Float64Array(width);
      put(fn.results, numbers, 0);
      return rowOf(numbers);
    },
  };
}

/** A fold, from where its state starts. */
export function foldBody(fn: CompiledFn, init: readonly number[]): AccumFunction {
  return blockFold(fn, { init, places: 1, empty: startOf(fn, init, 1) });
}

/**
 * The fold of a Merge, at each of the `places` that rows hold side by side. Where nothing was chosen it gives zeros, and
 * not the start of the fold: that is what its first step begins with.
 */
export function mergeBody(fn: CompiledFn, init: readonly number[], places: number): AccumFunction {
  return blockFold(fn, { init, places, empty: rowOf(new Float64Array(places * widthOf(fn.results))) });
}

interface BlockFold {
  readonly init: readonly number[];
  readonly places: number;
  /** What a fold of nothing gives. */
  readonly empty: TileValue;
}

function blockFold(fn: CompiledFn, { init, places, empty }: BlockFold): AccumFunction {
  const start = startOf(fn, init, places);
  const [taken, kept] = [widthOf(fn.x), widthOf(fn.state)];
  return {
    name: fn.name,
    arity: 1,
    infer: () => tile("f32", 1, places * kept),
    flops: () => places * fn.flops,
    symbolicFlops: () => constant(places * fn.flops),
    initial: () => empty,
    update(accumulator, [row]) {
      const before = (accumulator === empty ? start : accumulator).numbers;
      const numbers = new Float64Array(places * kept);
      for (let place = 0; place < places; place++) {
        take(fn.x, row!.numbers, place * taken);
        take(fn.state, before, place * kept);
        fn.run();
        put(fn.results, numbers, place * kept);
      }
      return rowOf(numbers);
    },
  };
}

function startOf(fn: CompiledFn, init: readonly number[], places: number): TileValue {
  const state = fn.state.flatMap(({ size }, part) => Array.from({ length: size }, () => init[part]!));
  return rowOf(Float64Array.from({ length: places * state.length }, (_, at) => state[at % state.length]!));
}

/** Two rows, one after the other, as one: what a Zip gives. */
export const beside: MapFunction = {
  name: "beside",
  arity: 2,
  infer: ([a, b]) => tile("f32", 1, a!.columns.value! + b!.columns.value!),
  flops: () => 0,
  symbolicFlops: () => constant(0),
  apply([a, b]) {
    const numbers = new Float64Array(a!.numbers.length + b!.numbers.length);
    numbers.set(a!.numbers);
    numbers.set(b!.numbers, a!.numbers.length);
    return rowOf(numbers);
  },
};

/**
 * Puts the parts of `times` elements that lie one after the other together part by part, or with `apart` the other way:
 * a block of tuples is a tuple of blocks. `parts` has the numbers of each part of one element.
 */
export function regroup(parts: readonly number[], times: number, apart: boolean): MapFunction {
  const width = parts.reduce((sum, part) => sum + part, 0);
  const from = new Int32Array(width * times);
  let [place, before] = [0, 0];
  for (const part of parts) {
    for (let time = 0; time < times; time++) {
      for (let i = 0; i < part; i++) from[place++] = time * width + before + i;
    }
    before += part;
  }
  return {
    name: apart ? "apart" : "together",
    arity: 1,
    infer: ([type]) => type!,
    flops: () => 0,
    symbolicFlops: () => multiply(0),
    apply([row]) {
      const numbers = new Float64Array(from.length);
      for (let i = 0; i < from.length; i++) {
        if (apart) numbers[from[i]!] = row!.numbers[i]!;
        else numbers[i] = row!.numbers[from[i]!]!;
      }
      return rowOf(numbers);
    },
  };
}
