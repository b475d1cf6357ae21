/** Runs functions over streams where their numbers stand: nothing is copied in or out of a map. */
import type { FormulaArray } from "../formula/array.ts";
import type { CompiledFn } from "../formula/compile.ts";
import type { StreamNumbers } from "./interpret.ts";

/** Points arrays of a function at the numbers of streams. */
export function point(arrays: readonly FormulaArray[], at: StreamNumbers): void {
  for (let part = 0; part < arrays.length; part++) arrays[part]!.values = at[part]!;
}

/** Moves arrays of a function to an element of what they point at. */
export function aim(arrays: readonly FormulaArray[], element: number): void {
  for (let part = 0; part < arrays.length; part++) {
    const array = arrays[part]!;
    array.start = element * array.size;
  }
}

/** The state of a fold: two places for it, of which each step reads one and writes the other. */
export class Fold {
  readonly #fn: CompiledFn;
  readonly #init: StreamNumbers;

  constructor(fn: CompiledFn, init: readonly number[]) {
    this.#fn = fn;
    this.#init = fn.state.map(({ size }, part) => new Float64Array(size).fill(init[part]!));
    for (const arrays of [fn.state, fn.results]) {
      point(
        arrays,
        arrays.map(({ size }) => new Float64Array(size)),
      );
      aim(arrays, 0);
    }
  }

  /** Starts a group. */
  restart(): void {
    for (let part = 0; part < this.#init.length; part++) this.#fn.state[part]!.values.set(this.#init[part]!);
  }

  /** Takes what the function is aimed at. */
  step(): void {
    const { state, results } = this.#fn;
    this.#fn.run();
    for (let part = 0; part < state.length; part++) {
      const written = results[part]!.values;
      results[part]!.values = state[part]!.values;
      state[part]!.values = written;
    }
  }

  /** Puts the state where an element of a stream is. */
  store(output: StreamNumbers, element: number): void {
    const { state } = this.#fn;
    for (let part = 0; part < state.length; part++) {
      const { values, size } = state[part]!;
      const target = output[part]!;
      const start = element * size;
      for (let i = 0; i < size; i++) target[start + i] = values[i]!;
    }
  }
}
