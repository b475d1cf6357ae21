/** How much a stream carried in a timed run, and from that what the symbols of a program stood for. */
import { StepError } from "../errors.ts";
import type { Extent } from "../extent/extent.ts";
import { type Bindings, evaluate } from "../extent/substitute.ts";
import type { Program, Stream } from "../program/program.ts";
import { rankOf } from "../stream/shape.ts";
import { isBare, stopOf } from "./slot-tag.ts";

/** Counts of one stream. */
export class StreamCount {
  values = 0;
  /** Stops by their level. */
  readonly stops: number[];

  constructor(rank: number) {
    this.stops = new Array<number>(rank + 1).fill(0);
  }

  add(tag: number): void {
    if (!isBare(tag)) this.values += 1;
    this.stops[stopOf(tag)]! += 1;
  }

  /** Elements of dimension `index`, over all groups of it. */
  elements(index: number): number {
    if (index === 0) return this.values;
    let elements = 0;
    for (let level = index; level < this.stops.length; level++) elements += this.stops[level]!;
    return elements;
  }
}

/**
 * The symbols and totals that the counts tell: a total is the number of elements of its dimension; a regular dimension
 * has as many per group as there are elements for each group.
 */
export function measureCounts(program: Program, counts: ReadonlyMap<Stream, StreamCount>): ReadonlyMap<string, number> {
  const measured = new Map<string, number>();
  for (const [stream, count] of counts) {
    const { shape } = program.typeOf(stream);
    const rank = rankOf(shape);
    for (const [place, { extent, total }] of shape.entries()) {
      const index = rank - place;
      const elements = count.elements(index);
      const groups = index === rank ? 1 : count.elements(index + 1);
      if (total !== undefined) learn(measured, total, elements);
      else if (groups > 0) learn(measured, extent, elements / groups);
    }
  }
  return measured;
}

function learn(measured: Map<string, number>, extent: Extent, size: number): void {
  const [term] = extent.terms;
  const single = extent.terms.length === 1 && term!.coefficient === 1 && term!.atoms.length === 1;
  if (single && Number.isInteger(size) && !measured.has(extent.text)) measured.set(extent.text, size);
}

/** The value of `extent` under bindings, or nothing if it depends on more than they tell. */
export function measuredValue(extent: Extent, measured: Bindings): number | undefined {
  try {
    return evaluate(extent, measured);
  } catch (error) {
    if (error instanceof StepError && error.code === "symbol-unbound") return undefined;
    throw error;
  }
}
