/** What the symbols of a program stood for in one run: measured from the streams, and checked against its extents. */
import { StepError } from "../errors.ts";
import type { Extent } from "../extent/extent.ts";
import { evaluate } from "../extent/substitute.ts";
import { nameOf, type Program, type Stream } from "../program/program.ts";
import { printDimension } from "../stream/dimension.ts";
import { type Slot, splitStops } from "../stream/fused-tokens.ts";
import { groupSizes } from "../stream/tokens.ts";
import type { Value } from "../stream/value.ts";

/** Symbols with their values; ragged ones with the size of each group of the stream where they first appear. */
export type Measured = ReadonlyMap<string, number | readonly number[]>;

/**
 * Measures all symbols.
 *
 * @throws {StepError} `constraint-broken` naming the stream and the dimension whose size is not what the program says.
 */
export function measureShapes(program: Program, records: ReadonlyMap<Stream, readonly Slot<Value>[]>): Measured {
  const measured = new Map<string, number | readonly number[]>();
  const checks: (() => void)[] = [];
  for (const [stream, slots] of records) {
    const { shape } = program.typeOf(stream);
    const sizes = groupSizes(splitStops(slots), shape.length - 1);
    for (const [place, dimension] of shape.entries()) {
      const found = sizes[place]!;
      if (dimension.total === undefined) learn(measured, dimension.extent, found[0]);
      else {
        learnGroups(measured, dimension.extent, found);
        learn(
          measured,
          dimension.total,
          found.reduce((sum, size) => sum + size, 0),
        );
      }
      // An outer group without inner ones is written as one with an empty one: so many may be too many.
      const surplus = sizes[place + 1]?.filter((size) => size === 0).length ?? 0;
      checks.push(() => checkDimension({ program, stream, place, measured, surplus }, found));
    }
  }
  for (const check of checks) check();
  return measured;
}

function learn(measured: Map<string, number | readonly number[]>, extent: Extent, size: number | undefined): void {
  const [term] = extent.terms;
  const single = extent.terms.length === 1 && term!.coefficient === 1 && term!.atoms.length === 1;
  if (single && size !== undefined && !measured.has(extent.text)) measured.set(extent.text, size);
}

function learnGroups(
  measured: Map<string, number | readonly number[]>,
  extent: Extent,
  sizes: readonly number[],
): void {
  if (!measured.has(extent.text)) measured.set(extent.text, sizes);
}

interface Place {
  readonly program: Program;
  readonly stream: Stream;
  readonly place: number;
  readonly measured: Measured;
  /** How many of the elements may only stand for an outer group that has none. */
  readonly surplus: number;
}

function checkDimension({ program, stream, place, measured, surplus }: Place, found: readonly number[]): void {
  const { shape } = program.typeOf(stream);
  const dimension = shape[place]!;
  const extent = dimension.total ?? dimension.extent;
  let expected: number;
  try {
    expected = evaluate(extent, measured);
  } catch (error) {
    if (error instanceof StepError && error.code === "symbol-unbound") return;
    throw error;
  }
  const sum = found.reduce((total, size) => total + size, 0);
  const fits = (size: number): boolean => size - surplus <= expected && expected <= size;
  const wrong =
    dimension.total === undefined ? found.find((size) => size !== 0 && !fits(size)) : fits(sum) ? undefined : sum;
  if (wrong === undefined) return;
  const index = shape.length - 1 - place;
  const what = dimension.total === undefined ? "a group" : "all groups together";
  const claim = printDimension(dimension);
  throw new StepError(
    "constraint-broken",
    `stream "${nameOf(stream)}", dim ${index}: ${claim === `${expected}` ? claim : `${claim} is ${expected}`}, but ${what} had ${wrong} elements`,
    {
      node: stream.node,
      dimension: index,
      rule: "streams have the extents that the program gives them",
      hint: "give it that many, or declare the dimension as a symbol, with ~ if its groups differ",
    },
  );
}
