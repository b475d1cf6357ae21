/** The processes of the reference interpreter: coroutines that read and write streams without any notion of time. */
import type { Slot } from "../stream/fused-tokens.ts";
import type { Value } from "../stream/value.ts";

/** What a process waits for: a slot, or the end, of any of these ports. */
export type Awaited = readonly number[];

/** A process; it yields while it waits. */
export type Process = Generator<Awaited, void, void>;

/** A wait within a process, with its result. */
export type Await<T> = Generator<Awaited, T, void>;

/** The contents of an off-chip tensor: `rows` × `columns` numbers, row-major. */
export interface TensorContents {
  readonly rows: number;
  readonly columns: number;
  readonly numbers: Float64Array;
}

/** The streams at the ports of one process, and what lies outside the program. */
export interface Wires {
  /** The next slot of an input, or nothing at its end. */
  take(port: number): Await<Slot<Value> | undefined>;
  /** As `take`, but leaves the slot where it is. */
  peek(port: number): Await<Slot<Value> | undefined>;
  /** An input that has a slot, or nothing when all have ended; which one may be decided by a recorded order. */
  select(ports: readonly number[]): Await<number | undefined>;
  /** The same ports in a recorded order, if there is one for them. */
  arrange(ports: readonly number[]): readonly number[];
  /** Writes a value with the stop behind it, or a stop alone. */
  emit(port: number, value: Value | undefined, stop?: number): void;
  /** The contents of a tensor; written by stores. */
  tensor(name: string): TensorContents;
  /** What the user gave for a source. */
  source(): readonly Slot<Value>[];
}
