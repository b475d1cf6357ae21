/** What an extent can be at least and at most, from what its symbols can be. */
import type { Atom, Extent } from "./extent.ts";

/** Least and greatest value; `most` may be `Infinity`. */
export interface Interval {
  readonly least: number;
  readonly most: number;
}

const anySize: Interval = { least: 0, most: Number.POSITIVE_INFINITY };

/**
 * An interval that holds every value of `extent` while each symbol (or `sum(…)`, by its text) stays in its own; symbols
 * without an entry are 0 or more. Terms are bounded one by one, so the interval may be wider than need be.
 */
export function boundsOf(extent: Extent, symbols: ReadonlyMap<string, Interval> = new Map()): Interval {
  let least = 0;
  let most = 0;
  for (const { coefficient, atoms } of extent.terms) {
    let product: Interval = { least: 1, most: 1 };
    for (const atom of atoms) product = times(product, atomBounds(atom, symbols));
    const scaled = times({ least: coefficient, most: coefficient }, product);
    least += scaled.least;
    most += scaled.most;
  }
  return { least, most };
}

function atomBounds(atom: Atom, symbols: ReadonlyMap<string, Interval>): Interval {
  const known = symbols.get(atom.text);
  if (known !== undefined) return known;
  switch (atom.kind) {
    case "symbol":
    case "sum":
      return anySize;
    case "positive": {
      const { least, most } = boundsOf(atom.of, symbols);
      return { least: least >= 1 ? 1 : 0, most: most >= 1 ? 1 : 0 };
    }
    case "max": {
      const all = atom.all.map((one) => boundsOf(one, symbols));
      return { least: Math.max(...all.map((one) => one.least)), most: Math.max(...all.map((one) => one.most)) };
    }
    default: {
      const of = boundsOf(atom.of, symbols);
      const by = boundsOf(atom.by, symbols);
      const round = atom.kind === "ceil" ? Math.ceil : Math.floor;
      const narrow = Math.max(1, by.least);
      const wide = Math.max(1, by.most);
      const least = of.least < 0 ? of.least / narrow : of.least / wide;
      const most = of.most < 0 ? of.most / wide : of.most / narrow;
      return { least: round(least), most: round(most) };
    }
  }
}

function times(a: Interval, b: Interval): Interval {
  const corners = [
    [a.least, b.least],
    [a.least, b.most],
    [a.most, b.least],
    [a.most, b.most],
  ].map(([x, y]) => (x === 0 || y === 0 ? 0 : x! * y!));
  return { least: Math.min(...corners), most: Math.max(...corners) };
}
