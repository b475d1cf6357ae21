/** What a program is asked for: typed inputs, the functions it may compose, and what its outputs must be. */
import type { Sizes } from "../program/dim.ts";
import type { Elem, StreamType } from "../program/element-type.ts";
import type { OpProgram } from "../program/program.ts";

/** How the numbers of an input are drawn. A multihot input has between `minOnes` and `maxOnes` ones per element. */
export type Generator =
  | { readonly gen: "uniform01" | "normal" | "ones" }
  | { readonly gen: "multihot"; readonly minOnes: number; readonly maxOnes: number };

/** An input stream. */
export type TaskInput = StreamType & Generator & { readonly name: string };

/** A weight array that functions read; axes innermost first. */
export interface TaskParam {
  readonly name: string;
  readonly shape: readonly string[];
}

/** A function that a program may apply: one formula for each part of its result. */
export interface TaskFn {
  readonly name: string;
  /** A `map` takes an element; a `fold` also takes the state so far, which has the type of its result. */
  readonly kind: "map" | "fold";
  readonly in: Elem;
  readonly out: Elem;
  /** Of a fold: where each part of the state starts, one number for all of its places. */
  readonly init: readonly number[];
  readonly expr: readonly string[];
}

/** A task. Its reference program, if it has one, computes what is expected. */
export interface Task {
  readonly id: string;
  readonly group: string;
  /** What the operator computes, in words. */
  readonly about: string;
  /** Sizes of the symbols that the default inputs have. */
  readonly dims: Sizes;
  /** How many experts a selector chooses among; `null` if there is no selector. */
  readonly experts: number | null;
  readonly inputs: readonly TaskInput[];
  readonly params: readonly TaskParam[];
  readonly fns: readonly TaskFn[];
  readonly outputs: readonly StreamType[];
  readonly reference: OpProgram | undefined;
}
