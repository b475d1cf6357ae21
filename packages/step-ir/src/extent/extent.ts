/**
 * Exact symbolic integers: the extents of tiles and streams, and everything counted from them.
 *
 * An extent is kept in one normal form, a sum of products of atoms with integer coefficients, and there is one object
 * per normal form: equal extents are the same object, so `===` decides equality. Symbols stand for integers of 0 or more.
 */
import { StepError } from "../errors.ts";

/** A factor that the normal form does not look into. `text` is its canonical form and identifies it. */
export type Atom =
  | { readonly kind: "symbol"; readonly name: string; readonly text: string }
  | { readonly kind: "ceil" | "floor"; readonly of: Extent; readonly by: Extent; readonly text: string }
  /** 1 if `of` is at least 1, otherwise 0. */
  | { readonly kind: "positive"; readonly of: Extent; readonly text: string }
  /** Sum of `of`, which varies from group to group, over all groups of a ragged dimension. */
  | { readonly kind: "sum"; readonly of: Extent; readonly text: string }
  | { readonly kind: "max"; readonly all: readonly Extent[]; readonly text: string };

/** A product: an integer other than 0, and atoms in the order of their texts. */
export interface Term {
  readonly coefficient: number;
  readonly atoms: readonly Atom[];
}

/** A symbolic integer in normal form; made by `constant`, `symbol` and the arithmetic below. */
export class Extent {
  /** Canonical text; the same as that of no other extent. */
  readonly text: string;
  /** The products whose sum this is, in canonical order; none for 0. */
  readonly terms: readonly Term[];

  /** For `internExtent` alone: an extent made elsewhere would not be equal to itself. */
  constructor(text: string, terms: readonly Term[]) {
    this.text = text;
    this.terms = terms;
  }

  /** The value, if no symbol is in it. */
  get value(): number | undefined {
    if (this.terms.length === 0) return 0;
    const [term] = this.terms;
    return this.terms.length === 1 && term!.atoms.length === 0 ? term!.coefficient : undefined;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** An extent, or an integer that stands for one. */
export type ExtentLike = Extent | number;

// Held weakly: extents of programs that are gone go too.
const interned = new Map<string, WeakRef<Extent>>();
const forgotten = new FinalizationRegistry<string>((text) => {
  if (interned.get(text)?.deref() === undefined) interned.delete(text);
});

/** The extent that is the sum of `products`: like products are added up, zeros dropped, the rest put in order. */
export function internExtent(products: Iterable<Term>): Extent {
  const byAtoms = new Map<string, Term>();
  for (const { coefficient, atoms } of products) {
    const key = atoms.map((atom) => atom.text).join("*");
    const sum = checked((byAtoms.get(key)?.coefficient ?? 0) + coefficient);
    if (sum === 0) byAtoms.delete(key);
    else byAtoms.set(key, { coefficient: sum, atoms });
  }
  // The constant comes last.
  const keys = [...byAtoms.keys()].sort((a, b) => Number(a === "") - Number(b === "") || compareTexts(a, b));
  const terms = keys.map((key) => byAtoms.get(key)!);
  const text = printTerms(terms);
  const known = interned.get(text)?.deref();
  if (known !== undefined) return known;
  const extent = new Extent(text, terms);
  interned.set(text, new WeakRef(extent));
  forgotten.register(extent, text);
  return extent;
}

/** Order of texts by code unit: the same on every machine. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @throws {StepError} `extent-overflow` if `value` cannot be held exactly. */
export function checked(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new StepError("extent-overflow", `${value} is not an integer below 2^53: it cannot be counted exactly`);
}

function printTerms(terms: readonly Term[]): string {
  if (terms.length === 0) return "0";
  return terms.map((term, place) => printTerm(term, place === 0)).join("");
}

function printTerm({ coefficient, atoms }: Term, first: boolean): string {
  const sign = coefficient < 0 ? (first ? "-" : " - ") : first ? "" : " + ";
  const size = Math.abs(coefficient);
  const factors = atoms.map((atom) => atom.text);
  if (size !== 1 || factors.length === 0) factors.unshift(String(size));
  return sign + factors.join("*");
}
