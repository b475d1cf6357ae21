/**
 * Dimensions of model values as products of atoms: what reshapes split and merge. Dimensions that an operation runs along
 * together share their atoms, so a split that one reshape asks for reaches every tensor it concerns.
 */

/** A part of a dimension, or what it was split into. */
export interface Atom {
  readonly extent: number;
  /** Outer part, then inner. */
  parts: readonly [Atom, Atom] | null;
  /** The atom that stands for this one since they were found to be the same. */
  same: Atom | null;
}

/** A dimension; one of extent 1 has no atoms. */
export type Dimension = readonly Atom[];

/** A dimension of its own. */
export function dimension(extent: number): Dimension {
  return extent === 1 ? [] : [{ extent, parts: null, same: null }];
}

/** The number of places along a dimension. */
export function extentOf(dimension: Dimension): number {
  return dimension.reduce((product, { extent }) => product * extent, 1);
}

/** The smallest parts of a dimension, outermost first. */
export function leaves(dimensions: Dimension): Atom[] {
  return dimensions.flatMap((atom): Atom[] => {
    const own = standing(atom);
    return own.parts === null ? [own] : leaves(own.parts);
  });
}

function standing(atom: Atom): Atom {
  let own = atom;
  while (own.same !== null) own = own.same;
  return own;
}

/** Makes two lists of atoms with the same product the same, splitting where one is coarser; false if they do not divide. */
export function unify(a: Dimension, b: Dimension): boolean {
  const left = leaves(a);
  const right = leaves(b);
  while (left.length > 0 && right.length > 0) {
    const first = left.shift()!;
    const second = right.shift()!;
    if (first === second) continue;
    if (first.extent === second.extent) {
      first.same = second;
      continue;
    }
    const [large, small, rest] = first.extent > second.extent ? [first, second, left] : [second, first, right];
    if (large.extent % small.extent !== 0) return false;
    const inner: Atom = { extent: large.extent / small.extent, parts: null, same: null };
    large.parts = [small, inner];
    rest.unshift(inner);
  }
  return left.length === 0 && right.length === 0;
}
