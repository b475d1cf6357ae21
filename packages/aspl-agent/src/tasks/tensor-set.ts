/** The numbers that a program is run on, and what must come out. */
import type { Sizes } from "../program/dim.ts";

/** Numbers with their axes outermost first: stream axes, then buffer axes, then the axis of a choice. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** One set of inputs and parameters at given sizes. */
export interface TensorSet {
  readonly name: string;
  readonly sizes: Sizes;
  readonly inputs: Readonly<Record<string, readonly Tensor[]>>;
  readonly params: Readonly<Record<string, Tensor>>;
}

/** A set with the expected outputs: for each output, one tensor for each part of its element. */
export interface ExpectedSet extends TensorSet {
  readonly outputs: readonly (readonly Tensor[])[];
}
