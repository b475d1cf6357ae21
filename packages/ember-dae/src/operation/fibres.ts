/** Which rows belong to which bag, in the one form that operations take, from every form that frameworks write. */
import { EmberError } from "../errors.ts";

/** Bags as fibres: `idx` of bag `b` are those from `ptr[b]` up to `ptr[b + 1]`; `val` is parallel to `idx`. */
export interface Fibres {
  readonly ptr: Float64Array;
  readonly idx: Float64Array;
  readonly val: Float64Array | undefined;
}

/** What EmbeddingBag is called with. */
export interface OffsetsInput {
  readonly indices: Float64Array;
  readonly offsets: Float64Array;
  readonly weights?: Float64Array | undefined;
  /** Whether the last offset is the end of the last bag instead of the start of one. */
  readonly includeLastOffset: boolean;
  /** Rows with this id count as if they were not in their bag. */
  readonly paddingIndex?: number | undefined;
}

/**
 * Fibres of bags given by where they start.
 *
 * @throws {EmberError} `offsets` unless they start at 0, do not fall, and end inside the ids; `weights` if their number is
 *   not that of the ids
 */
export function fibresFromOffsets(input: OffsetsInput): Fibres {
  const { indices, offsets, weights, includeLastOffset, paddingIndex } = input;
  checkWeights(weights, indices.length);
  const bags = offsets.length - Number(includeLastOffset);
  if (bags < 0) throw new EmberError("offsets", "no offsets, but the last one is said to be the end of the ids");
  const ends = Float64Array.from({ length: bags }, (_, bag) => offsets[bag + 1] ?? indices.length);
  if (offsets.length > 0 && offsets[0] !== 0)
    throw new EmberError("offsets", `offsets[0] is ${offsets[0]}, expected 0`, {
      help: "the first bag starts at the first id",
    });
  for (let bag = 0; bag < bags; bag++) {
    const [from, to] = [offsets[bag] as number, ends[bag] as number];
    if (!(from <= to && to <= indices.length)) {
      throw new EmberError("offsets", `bag ${bag} goes from ${from} to ${to} of ${indices.length} ids`, {
        help: "offsets must not fall, and none may exceed the number of ids",
      });
    }
  }
  const ptr = new Float64Array(bags + 1);
  ptr.set(ends, 1);
  // Ids behind the last offset belong to no bag.
  const used = ptr[bags] as number;
  const whole = { ptr, idx: indices.slice(0, used), val: weights?.slice(0, used) };
  return paddingIndex === undefined ? whole : without(whole, (id) => id === paddingIndex);
}

/** Fibres of rows that each say which bag they belong to, in the order in which they are listed. */
export function fibresFromSegments(input: {
  readonly indices: Float64Array;
  readonly segments: Float64Array;
  readonly bags: number;
  readonly weights?: Float64Array | undefined;
}): Fibres {
  const { indices, segments, bags, weights } = input;
  checkWeights(weights, indices.length);
  if (segments.length !== indices.length)
    throw new EmberError("offsets", `${segments.length} segment ids for ${indices.length} rows`);
  const ptr = new Float64Array(bags + 1);
  for (const [place, bag] of segments.entries()) {
    if (!(bag < bags)) {
      throw new EmberError("offsets", `row ${place} belongs to bag ${bag} of ${bags}`, {
        help: "segment ids lie below the number of segments",
      });
    }
    // A negative segment belongs to no bag, as in TensorFlow.
    if (bag >= 0) ptr[bag + 1]! += 1;
  }
  for (let bag = 0; bag < bags; bag++) ptr[bag + 1]! += ptr[bag]!;
  const next = ptr.slice();
  const idx = new Float64Array(ptr[bags] as number);
  const val = weights === undefined ? undefined : new Float64Array(idx.length);
  for (let place = 0; place < segments.length; place++) {
    const bag = segments[place] as number;
    if (bag < 0) continue;
    const at = next[bag]!++;
    idx[at] = indices[place] as number;
    if (val !== undefined && weights !== undefined) val[at] = weights[place] as number;
  }
  return { ptr, idx, val };
}

/** Refuses ids outside a table. @throws {EmberError} `index-range` at the first one */
export function checkIndices(idx: Float64Array, rows: number, what: string): void {
  for (let place = 0; place < idx.length; place++) {
    const id = idx[place] as number;
    if (!(Number.isInteger(id) && id >= 0 && id < rows)) {
      throw new EmberError("index-range", `${what}[${place}] is ${id}, but the table has ${rows} rows`, {
        help: `ids lie between 0 and ${Math.max(0, rows - 1)}`,
      });
    }
  }
}

function without({ ptr, idx, val }: Fibres, dropped: (id: number) => boolean): Fibres {
  const kept: number[] = [];
  const shorter = new Float64Array(ptr.length);
  for (let bag = 0; bag + 1 < ptr.length; bag++) {
    for (let p = ptr[bag]!; p < ptr[bag + 1]!; p++) if (!dropped(idx[p]!)) kept.push(p);
    shorter[bag + 1] = kept.length;
  }
  return {
    ptr: shorter,
    idx: Float64Array.from(kept, (p) => idx[p]!),
    val: val === undefined ? undefined : Float64Array.from(kept, (p) => val[p]!),
  };
}

function checkWeights(weights: Float64Array | undefined, count: number): void {
  if (weights !== undefined && weights.length !== count)
    throw new EmberError("weights", `${weights.length} weights for ${count} ids`);
}
