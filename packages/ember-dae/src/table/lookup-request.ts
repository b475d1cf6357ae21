/** What a table is asked for, as the arrays that a kernel takes. */
import type { BufferArray } from "@millrace/loop-ir";
import { EmberError } from "../errors.ts";

/** Row ids or offsets. */
export type IdArray = BigInt64Array | Int32Array;

/** Bags of rows, as PyTorch's EmbeddingBag is called. */
export interface LookupRequest {
  readonly indices: IdArray;
  /** Where bags begin in `indices`, of the same kind of array; the first is 0. */
  readonly offsets: IdArray;
  /** Whether the last offset is the end of the last bag instead of the start of one; false unless given. */
  readonly includeLastOffset?: boolean;
  /** How rows of a bag are combined; `sum` unless given. A bag without rows is zeros. A maximum with NaN is NaN. */
  readonly mode?: "sum" | "mean" | "max";
  /** One factor for each id. */
  readonly weights?: Float32Array | Float64Array;
  /** Rows with this id count as if they were not in their bag; from the end where it is negative. */
  readonly paddingIndex?: number;
  /** Where results go, `[bags, width]`; a new array unless given. */
  readonly out?: Float32Array | Float64Array;
}

/** Bags in the form of kernels: bag `b` has the ids from `ptr[b]` up to `ptr[b + 1]`. */
export interface BagArrays {
  readonly bags: number;
  readonly idx: IdArray;
  readonly ptr: IdArray;
  readonly val: Float32Array | Float64Array | undefined;
}

/** Makes an array of a kind. */
export type Allocate = <T extends BufferArray>(like: T, length: number) => T;

/** Puts a request in that form; it looks at offsets and, where padding is left out, at ids. @throws {EmberError} `offsets`, `weights` */
export function bagsOfRequest(request: LookupRequest, rows: number, allocate: Allocate): BagArrays {
  const { indices, offsets, weights, includeLastOffset = false } = request;
  if (indices.constructor !== offsets.constructor) {
    throw new EmberError("offsets", `ids are a ${indices.constructor.name}, offsets a ${offsets.constructor.name}`, {
      help: "give both as BigInt64Array or both as Int32Array",
    });
  }
  if (weights !== undefined && weights.length !== indices.length)
    throw new EmberError("weights", `${weights.length} weights for ${indices.length} ids`);
  const bags = offsets.length - Number(includeLastOffset);
  if (bags < 0) throw new EmberError("offsets", "no offsets, but the last one is said to be the end of the ids");
  if (offsets.length > 0 && Number(offsets[0]) !== 0) {
    throw new EmberError("offsets", `offsets[0] is ${offsets[0]}, expected 0`, {
      help: "the first bag starts at the first id",
    });
  }
  const ptr = allocate(offsets, bags + 1);
  (ptr as BigInt64Array).set(offsets.subarray(0, bags + 1) as BigInt64Array);
  if (!includeLastOffset) setNumber(ptr, bags, indices.length);
  const whole = { bags, idx: indices, ptr, val: weights };
  const { paddingIndex } = request;
  return paddingIndex === undefined
    ? whole
    : withoutPadding(whole, paddingIndex < 0 ? paddingIndex + rows : paddingIndex);
}

// Offsets are those of the ids that are left; wrong ones are kept, so that they are refused where all are.
function withoutPadding({ bags, idx, ptr, val }: BagArrays, padding: number): BagArrays {
  const before = new Int32Array(idx.length + 1);
  for (let place = 0; place < idx.length; place++)
    before[place + 1] = (before[place] as number) + Number(Number(idx[place]) !== padding);
  const kept = before[idx.length] as number;
  const shorter = (array: NonNullable<typeof val> | IdArray) => {
    const result = new (array.constructor as new (length: number) => typeof array)(kept);
    for (let place = 0; place < idx.length; place++)
      if (before[place] !== before[place + 1]) result[before[place] as number] = array[place] as never;
    return result;
  };
  for (let bag = 0; bag <= bags; bag++) {
    const end = before[Number(ptr[bag])];
    if (end !== undefined) setNumber(ptr, bag, end);
  }
  return {
    ...{ bags, ptr, idx: shorter(idx) as IdArray },
    val: val === undefined ? undefined : (shorter(val) as Float32Array | Float64Array),
  };
}

function setNumber(array: IdArray, place: number, value: number): void {
  if (array instanceof BigInt64Array) array[place] = BigInt(value);
  else array[place] = value;
}
