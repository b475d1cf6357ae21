/** What is known of a tensor's levels for estimates: its arrays, or what an earlier estimate says of a result. */
import type { Tensor } from "@millrace/tensor";
import { countOf, type Flow, sumOf } from "./flow.ts";

/** A tensor for estimates. */
export type TensorModel =
  | { readonly kind: "stored"; readonly tensor: Tensor }
  /** Per level, the chance of each coordinate in a fibre; `null` for a dense level. */
  | { readonly kind: "expected"; readonly levels: readonly (Float64Array | null)[]; readonly sizes: readonly number[] };

/** Positions beyond this number are taken to be alike. */
const MOST_POSITIONS = 2 ** 21;

/** Coordinates and references that a scanner of a level gives for the references `into` it. */
export function scanFlow(model: TensorModel, level: number, into: Flow): { readonly crd: Flow; readonly ref: Flow } {
  return model.kind === "stored" ? scanStored(model.tensor, level, into) : scanExpected(model, level, into);
}

function scanStored(tensor: Tensor, level: number, into: Flow): { readonly crd: Flow; readonly ref: Flow } {
  const stored = tensor.levels[level]!;
  const parents = countOf(into);
  if (stored.kind === "compressed") {
    const { positions, coordinates, size } = stored;
    const fibers = positions.length - 1;
    const histogram = new Float64Array(size);
    const visits = new Float64Array(coordinates.length);
    for (let p = 0; p < fibers; p++) {
      const weight = into.visits === undefined ? parents / fibers : (into.visits[p] ?? 0);
      for (let at = positions[p]!; at < positions[p + 1]!; at++) {
        visits[at] = weight;
        histogram[coordinates[at]!]! += weight;
      }
    }
    const levels = [...into.levels, sumOf(histogram)];
    return { crd: { levels, histogram }, ref: { levels, visits, coordinates } };
  }
  return scanDense(stored.size, into);
}

function scanDense(size: number, into: Flow): { readonly crd: Flow; readonly ref: Flow } {
  const parents = countOf(into);
  const levels = [...into.levels, parents * size];
  const histogram = new Float64Array(size).fill(parents);
  const known = into.visits;
  if (known === undefined || known.length * size > MOST_POSITIONS) {
    return { crd: { levels, histogram }, ref: { levels } };
  }
  const visits = new Float64Array(known.length * size);
  const coordinates = new Int32Array(visits.length);
  for (let p = 0; p < known.length; p++) {
    for (let c = 0; c < size; c++) {
      visits[p * size + c] = known[p]!;
      coordinates[p * size + c] = c;
    }
  }
  return { crd: { levels, histogram }, ref: { levels, visits, coordinates } };
}

function scanExpected(
  model: Extract<TensorModel, { readonly kind: "expected" }>,
  level: number,
  into: Flow,
): { readonly crd: Flow; readonly ref: Flow } {
  const chances = model.levels[level];
  if (chances === null || chances === undefined) return scanDense(model.sizes[level]!, { levels: into.levels });
  const histogram = chances.map((chance) => chance * countOf(into));
  const levels = [...into.levels, sumOf(histogram)];
  return { crd: { levels, histogram }, ref: { levels } };
}

/** Extent of a level. */
export function levelExtent(model: TensorModel, level: number): number {
  return model.kind === "stored" ? model.tensor.levels[level]!.size : model.sizes[level]!;
}
