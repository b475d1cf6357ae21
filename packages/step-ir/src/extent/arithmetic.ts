/** Arithmetic of extents; every result is in normal form. */

import { StepError } from "../errors.ts";
import { type Atom, checked, compareTexts, Extent, type ExtentLike, internExtent, type Term } from "./extent.ts";

/**
 * The extent of a known size.
 *
 * @throws {StepError} `extent-overflow` unless `value` is an integer below 2^53.
 */
export function constant(value: number): Extent {
  return internExtent([{ coefficient: checked(value), atoms: [] }]);
}

/**
 * The extent known by name only.
 *
 * @throws {StepError} `extent-value` unless the name is letters, digits, `_`, `.` and `#`, a letter or `_` first.
 */
export function symbol(name: string): Extent {
  if (!/^[A-Za-z_][A-Za-z0-9_.#]*$/.test(name)) {
    throw new StepError("extent-value", `'${name}' cannot name an extent: use letters, digits, '_', '.' and '#'`);
  }
  return ofAtom({ kind: "symbol", name, text: name });
}

/** Either form as an extent. */
export function extentOf(value: ExtentLike): Extent {
  return value instanceof Extent ? value : constant(value);
}

/** The sum. */
export function add(...all: readonly ExtentLike[]): Extent {
  return internExtent(all.flatMap((one) => extentOf(one).terms));
}

/** The difference; it may be negative. */
export function subtract(a: ExtentLike, b: ExtentLike): Extent {
  return add(a, multiply(-1, b));
}

/** The product; 1 of nothing. */
export function multiply(...all: readonly ExtentLike[]): Extent {
  return all.map(extentOf).reduce(product, constant(1));
}

/** a / b, rounded up. */
export function ceilDivide(a: ExtentLike, b: ExtentLike): Extent {
  return divide("ceil", extentOf(a), extentOf(b));
}

/** a / b, rounded down. */
export function floorDivide(a: ExtentLike, b: ExtentLike): Extent {
  return divide("floor", extentOf(a), extentOf(b));
}

/** 1 if `of` is at least 1, otherwise 0. */
export function positive(of: ExtentLike): Extent {
  const extent = extentOf(of);
  if (extent.value !== undefined) return constant(extent.value >= 1 ? 1 : 0);
  // A constant of at least 1 beside terms that cannot be negative decides it.
  const certain = extent.terms.every((term) => term.coefficient > 0) && extent.terms.at(-1)!.atoms.length === 0;
  return certain ? constant(1) : ofAtom({ kind: "positive", of: extent, text: `positive(${extent.text})` });
}

/** The largest. */
export function maximum(...all: readonly ExtentLike[]): Extent {
  const extents = [...new Set(all.map(extentOf))];
  const known = extents.flatMap((extent) => extent.value ?? []);
  const rest = extents.filter((extent) => extent.value === undefined);
  const floor = known.length === 0 ? undefined : Math.max(...known);
  if (rest.length === 0) return constant(floor ?? 0);
  if (floor !== undefined && floor > 0) rest.push(constant(floor));
  if (rest.length === 1) return rest[0]!;
  rest.sort((a, b) => compareTexts(a.text, b.text));
  return ofAtom({ kind: "max", all: rest, text: `max(${rest.map((extent) => extent.text).join(", ")})` });
}

/** Sum of an extent that varies from group to group over all groups: the total of a ragged dimension. */
export function sumOverGroups(of: ExtentLike): Extent {
  const extent = extentOf(of);
  return ofAtom({ kind: "sum", of: extent, text: `sum(${extent.text})` });
}

function ofAtom(atom: Atom): Extent {
  return internExtent([{ coefficient: 1, atoms: [atom] }]);
}

function product(a: Extent, b: Extent): Extent {
  const terms: Term[] = [];
  for (const left of a.terms) {
    for (const right of b.terms) {
      const atoms = withoutImplied([...left.atoms, ...right.atoms]).sort((x, y) => compareTexts(x.text, y.text));
      terms.push({ coefficient: checked(left.coefficient * right.coefficient), atoms });
    }
  }
  return internExtent(terms);
}

/** Drops indicators that say nothing beside their neighbours: positive(D) * D is D, and positive(D) * ceil(D/4) is ceil(D/4). */
function withoutImplied(atoms: readonly Atom[]): Atom[] {
  return atoms.filter((atom, place) => {
    if (atom.kind !== "positive") return true;
    const implied = (other: Atom, at: number): boolean =>
      other.text === atom.of.text ||
      ((other.kind === "ceil" || other.kind === "floor") && other.of === atom.of) ||
      (other.text === atom.text && at < place);
    return !atoms.some(implied);
  });
}

function divide(kind: "ceil" | "floor", a: Extent, b: Extent): Extent {
  const by = b.value;
  if (by !== undefined && by < 1) throw new StepError("extent-value", `cannot divide ${a.text} by ${by}`);
  if (by === 1) return a;
  if (by === undefined) return a === b ? positive(a) : quotient(kind, a, b);
  // Whole multiples come out of the rounding: ceil((16*k + r)/16) is k + ceil(r/16).
  const whole = a.terms.filter((term) => term.coefficient % by === 0);
  const out = internExtent(whole.map(({ coefficient, atoms }) => ({ coefficient: coefficient / by, atoms })));
  const rest = internExtent(a.terms.filter((term) => term.coefficient % by !== 0));
  if (rest.value !== undefined)
    return add(out, kind === "ceil" ? Math.ceil(rest.value / by) : Math.floor(rest.value / by));
  return add(out, nestedQuotient(kind, rest, by) ?? quotient(kind, rest, b));
}

/** ceil(ceil(x/a)/b) is ceil(x/(a*b)), and so is it with floor. */
function nestedQuotient(kind: "ceil" | "floor", of: Extent, by: number): Extent | undefined {
  const [term] = of.terms;
  const [atom] = term!.atoms;
  if (of.terms.length > 1 || term!.coefficient !== 1 || term!.atoms.length > 1 || atom?.kind !== kind) return undefined;
  return atom.by.value === undefined ? undefined : divide(kind, atom.of, constant(checked(atom.by.value * by)));
}

function quotient(kind: "ceil" | "floor", of: Extent, by: Extent): Extent {
  const dividend = of.terms.length > 1 ? `(${of.text})` : of.text;
  const divisor = by.terms.length > 1 || by.text.includes("*") ? `(${by.text})` : by.text;
  return ofAtom({ kind, of, by, text: `${kind}(${dividend}/${divisor})` });
}
