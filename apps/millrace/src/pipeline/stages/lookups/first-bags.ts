/** The first bags of a batch over a table of their rows alone, with numbers in it: small enough to be interpreted. */
import { bagsOf, type Fibres, type Instance, instantiate, makeMemory, type Operation } from "@millrace/ember-dae";

/** Bags that are interpreted. */
const MOST_BAGS = 32;

/** The bags, and how they are interpreted. */
export interface FirstBags {
  /** Ids as in the trace. */
  readonly ids: Float64Array;
  /** Bags of ids that count the rows from 0. */
  readonly fibres: Fibres;
  readonly rows: number;
  readonly instance: Instance;
}

/** The first bags of `ids`; the element of a row is what {@link element} says. */
export function firstBags(
  operation: Operation,
  all: Float64Array,
  { bag, width }: { readonly bag: number; readonly width: number },
): FirstBags {
  const ids = all.subarray(0, MOST_BAGS * bag);
  const distinct = [...new Set(ids)];
  const places = new Map(distinct.map((id, place) => [id, place]));
  const fibres = bagsOf(
    ids.map((id) => places.get(id)!),
    bag,
  );
  const table = makeMemory("f32", [distinct.length, width]);
  for (const [place, id] of distinct.entries())
    for (let column = 0; column < width; column++) table.array[place * width + column] = element(id, column);
  return { ids, fibres, rows: distinct.length, instance: instantiate(operation, { table, fibres }) };
}

/** A number that `f32` holds, and whose sums it holds. */
export function element(id: number, column: number): number {
  return ((7 * id + column) % 101) / 8 - 6;
}
