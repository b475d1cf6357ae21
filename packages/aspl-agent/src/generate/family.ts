import type { RandomStream } from "@millrace/tensor";

/** What a dense evaluation is given: inputs and parameters by name, outermost axis first, and the sizes of symbols. */
export interface DenseInputs {
  readonly inputs: Readonly<Record<string, Float64Array>>;
  readonly params: Readonly<Record<string, Float64Array>>;
  readonly sizes: Readonly<Record<string, number>>;
}

/** A task as it stands in a file, without id, group and sizes, and the plain loops that compute the same. */
export interface Draft {
  readonly about: string;
  readonly symbols: readonly string[];
  readonly inputs: readonly object[];
  readonly params?: readonly object[];
  readonly fns: readonly object[];
  readonly output: object;
  readonly reference: { readonly ops: readonly object[]; readonly ret: readonly string[] };
  readonly dense: (given: DenseInputs) => Float64Array;
}

/** A kind of task. */
export interface Family {
  readonly name: string;
  /** Which problems of KernelBench are of this kind. */
  readonly like: string;
  readonly draw: (random: RandomStream) => Draft;
}

/** One of several, all equally likely. */
export function pick<T>(random: RandomStream, items: readonly T[]): T {
  return items[random.below(items.length)]!;
}

/** So many different ones, in a random order. */
export function pickSome<T>(random: RandomStream, items: readonly T[], count: number): readonly T[] {
  return random.shuffle([...items]).slice(0, count);
}

/** A function that maps elements. */
export function mapFn(name: string, types: { readonly in: unknown; readonly out: unknown }, formula: string): object {
  return { name, kind: "map", in: types.in, out: types.out, expr: [formula] };
}
