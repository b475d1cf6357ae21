/** Values of the reference evaluator: dense arrays over named variables. */
import { type Tensor, unpack } from "@millrace/tensor";
import { FuseflowError } from "../../errors.ts";

/** A value over variables: row-major over `extents`, which runs parallel to `variables`. */
export interface ReferenceValue {
  readonly variables: readonly string[];
  readonly extents: readonly number[];
  readonly values: Float64Array;
  /** 1 where an entry is stored, for a value with a pattern. */
  readonly stored: Uint8Array | null;
}

/** Entries other than zero of a value: for each its place in the dense array. */
export interface Nonzeros {
  readonly places: Int32Array;
  readonly values: Float64Array;
}

const MOST_POINTS = 2 ** 27;

/** Number of points of a value. @throws {FuseflowError} `reference-size` beyond 2^27 points. */
export function pointCount(extents: readonly number[]): number {
  const points = extents.reduce((product, extent) => product * extent, 1);
  if (points <= MOST_POINTS) return points;
  throw new FuseflowError(
    "reference-size",
    `the dense reference would hold ${points} values (${extents.join(" x ")}), more than ${MOST_POINTS}`,
  );
}

/** Distance in the dense array of two neighbours along each variable. */
export function stridesOf(extents: readonly number[]): number[] {
  const strides = new Array<number>(extents.length);
  let stride = 1;
  for (let at = extents.length - 1; at >= 0; at--) {
    strides[at] = stride;
    stride *= extents[at]!;
  }
  return strides;
}

/** The dense value of a tensor under the names `variables`; its stored entries are its pattern if `patterned`. */
export function denseValue(tensor: Tensor, variables: readonly string[], patterned: boolean): ReferenceValue {
  const { shape } = tensor;
  const values = new Float64Array(pointCount(shape));
  const stored = patterned ? new Uint8Array(values.length) : null;
  const list = unpack(tensor);
  const strides = stridesOf(shape);
  for (let entry = 0; entry < list.values.length; entry++) {
    let place = 0;
    for (let mode = 0; mode < shape.length; mode++) place += list.coordinates[mode]![entry]! * strides[mode]!;
    values[place]! += list.values[entry]!;
    if (stored !== null) stored[place] = 1;
  }
  return { variables, extents: shape, values, stored };
}

/** The entries of a value that are not zero. */
export function nonzerosIn({ values }: ReferenceValue): Nonzeros {
  let count = 0;
  for (let place = 0; place < values.length; place++) if (values[place] !== 0) count++;
  const places = new Int32Array(count);
  const kept = new Float64Array(count);
  let at = 0;
  for (let place = 0; place < values.length; place++) {
    if (values[place] === 0) continue;
    places[at] = place;
    kept[at++] = values[place]!;
  }
  return { places, values: kept };
}

/** For each point of a space, its place in a value that has some of the space's variables. */
export function placesIn(value: ReferenceValue, variables: readonly string[], extents: readonly number[]): Int32Array {
  const strides = stridesOf(value.extents);
  const steps = variables.map((variable) => {
    const at = value.variables.indexOf(variable);
    return at < 0 ? 0 : strides[at]!;
  });
  let places = Int32Array.of(0);
  for (const [at, extent] of extents.entries()) {
    const next = new Int32Array(places.length * extent);
    for (let p = 0, n = 0; p < places.length; p++) {
      for (let c = 0; c < extent; c++) next[n++] = places[p]! + c * steps[at]!;
    }
    places = next;
  }
  return places;
}
