/** Expected outputs and steps of single blocks. */
import { countOf, type Flow, fibersOf, lengthOf, sumOf } from "./flow.ts";

/** A join: per operand its coordinates and what runs beside them. */
export interface JoinFlows {
  readonly crd: Flow;
  readonly refs: readonly Flow[];
  /** Coordinates stepped through, stops included. */
  readonly steps: number;
}

/** Fibres are taken to hold each coordinate independently, with the chance that the histogram says. */
export function joinFlow(
  kind: "intersect" | "union",
  operands: readonly { readonly crd: Flow; readonly ref: Flow }[],
): JoinFlows {
  const [first] = operands;
  const fibers = Math.max(fibersOf(first!.crd), Number.MIN_VALUE);
  const size = Math.max(...operands.map(({ crd }) => crd.histogram?.length ?? 0));
  const chances = operands.map(({ crd }) => chancesOf(crd, fibers, size));
  const histogram = new Float64Array(size);
  let touched = 0;
  for (let c = 0; c < size; c++) {
    let all = 1;
    let none = 1;
    for (const chance of chances) {
      all *= chance[c]!;
      none *= 1 - chance[c]!;
    }
    touched += 1 - none;
    histogram[c] = fibers * (kind === "intersect" ? all : 1 - none);
  }
  const levels = [...first!.crd.levels.slice(0, -1), sumOf(histogram)];
  const refs = operands.map(({ ref }, at) => followed(ref, { levels, histogram, fibers, own: chances[at]!, kind }));
  return { crd: { levels, histogram }, refs, steps: fibers * (touched + 1) };
}

function chancesOf(crd: Flow, fibers: number, size: number): Float64Array {
  const { histogram } = crd;
  if (histogram === undefined) return new Float64Array(size).fill(size === 0 ? 0 : countOf(crd) / fibers / size);
  return Float64Array.from({ length: size }, (_, c) => Math.min(1, (histogram[c] ?? 0) / fibers));
}

interface Joined {
  readonly levels: readonly number[];
  readonly histogram: Float64Array;
  readonly fibers: number;
  readonly own: Float64Array;
  readonly kind: "intersect" | "union";
}

function followed(ref: Flow, { levels, histogram, fibers, own, kind }: Joined): Flow {
  const { visits, coordinates } = ref;
  if (visits === undefined || coordinates === undefined) return { levels };
  if (kind === "union") return { levels, visits, coordinates };
  const kept = visits.map((visit, at) => {
    const c = coordinates[at]!;
    const before = own[c]! * fibers;
    return before === 0 ? 0 : visit * (histogram[c]! / before);
  });
  return { levels, visits: kept, coordinates };
}

/** A stream repeated over a signal. */
export function repeatFlow(ref: Flow, signal: Flow): Flow {
  const { levels } = signal;
  const count = countOf(ref);
  if (ref.visits === undefined || count === 0) return { levels };
  const factor = countOf(signal) / count;
  const visits = ref.visits.map((visit) => visit * factor);
  return { levels, visits, ...(ref.coordinates && { coordinates: ref.coordinates }) };
}

/** Sums of a sparse accumulator: per kept loop, outermost first, its coordinates before and after. */
export function accumulateFlow(
  kept: readonly Flow[],
  loop: Flow,
): { readonly crds: readonly Flow[]; readonly val: Flow } {
  const outer = fibersOf(loop);
  const rounds = outer === 0 ? 0 : countOf(loop) / outer;
  let levels = loop.levels.slice(0, -1);
  let parents = countOf(loop);
  // Chance that the kept coordinates so far meet in one round.
  let together = 1;
  const crds: Flow[] = [];
  for (const crd of kept) {
    const size = crd.histogram?.length ?? 0;
    const results = countOf({ levels });
    const histogram = new Float64Array(size);
    let met = 0;
    for (let c = 0; c < size; c++) {
      const chance = parents === 0 ? 0 : Math.min(1, crd.histogram![c]! / parents);
      met += chance;
      const never = (1 - Math.min(1, together * chance)) ** rounds;
      const parent = together === 1 ? 1 : 1 - (1 - together) ** rounds;
      histogram[c] = parent === 0 ? 0 : results * Math.min(1, (1 - never) / parent);
    }
    together *= size === 0 ? 0 : met / size;
    parents = countOf(crd);
    levels = [...levels, sumOf(histogram)];
    crds.push({ levels, histogram });
  }
  return { crds, val: { levels } };
}

/** Steps of a block that takes one token of each input a step. */
export function stepsOf(inputs: readonly Flow[]): number {
  return inputs.reduce((most, flow) => Math.max(most, lengthOf(flow)), 0);
}
