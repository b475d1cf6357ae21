/** What the elements of streams are in the dialect of the paper's benchmark. */
import { type Dim, type Sizes, sizeOf } from "./dim.ts";

/** A number, a choice among experts, a block of either on chip, or several of these side by side. Dims are innermost first. */
export type Elem =
  | "f32"
  | { readonly multihot: Dim }
  | { readonly buffer: Elem; readonly dims: readonly Dim[] }
  | { readonly tuple: readonly Elem[] };

/** A stream: what its elements are, and its axes, innermost first. Its rank is one less than its axes. */
export interface StreamType {
  readonly elem: Elem;
  readonly shape: readonly Dim[];
}

/** One of the arrays that an element consists of, with its axes innermost first; a number has none. */
export interface Leaf {
  readonly dims: readonly Dim[];
  readonly multihot: boolean;
}

const leaves = new WeakMap<object, readonly Leaf[]>();
const number: readonly Leaf[] = [{ dims: [], multihot: false }];

/** The arrays that an element consists of: one for each part of a tuple. */
export function leavesOf(elem: Elem): readonly Leaf[] {
  if (elem === "f32") return number;
  let found = leaves.get(elem);
  if (found === undefined) {
    found = computeLeaves(elem);
    leaves.set(elem, found);
  }
  return found;
}

function computeLeaves(elem: Exclude<Elem, "f32">): readonly Leaf[] {
  if ("multihot" in elem) return [{ dims: [elem.multihot], multihot: true }];
  if ("tuple" in elem) return elem.tuple.flatMap(leavesOf);
  return leavesOf(elem.buffer).map(({ dims, multihot }) => ({ dims: [...dims, ...elem.dims], multihot }));
}

/** The parts of a tuple, or the element itself. */
export function partsOf(elem: Elem): readonly Elem[] {
  return typeof elem === "object" && "tuple" in elem ? elem.tuple : [elem];
}

/** An element with the parts of both, in order. */
export function joinElems(left: Elem, right: Elem): Elem {
  return { tuple: [...partsOf(left), ...partsOf(right)] };
}

/** A block of `elem`; blocks of blocks are one block with the axes of both. */
export function bufferOf(elem: Elem, dims: readonly Dim[]): Elem {
  if (typeof elem === "object" && "buffer" in elem) return { buffer: elem.buffer, dims: [...elem.dims, ...dims] };
  return { buffer: elem, dims };
}

const texts = new WeakMap<object, string>();

/** As text: `f32`, `multihot(E)`, `buffer(f32, [K, N])`, `(f32, buffer(f32, [D]))`. Equal types have equal texts. */
export function printElem(elem: Elem): string {
  if (elem === "f32") return elem;
  let text = texts.get(elem);
  if (text === undefined) {
    text = spell(elem);
    texts.set(elem, text);
  }
  return text;
}

function spell(elem: Exclude<Elem, "f32">): string {
  if ("multihot" in elem) return `multihot(${elem.multihot})`;
  if ("tuple" in elem) return `(${elem.tuple.map(printElem).join(", ")})`;
  return `buffer(${printElem(elem.buffer)}, [${elem.dims.join(", ")}])`;
}

/** Whether two element types are the same. */
export function sameElem(a: Elem, b: Elem): boolean {
  return a === b || printElem(a) === printElem(b);
}

/** As text: `[K, M] of f32`. */
export function printStreamType({ elem, shape }: StreamType): string {
  return `[${shape.map((dim) => (dim.includes("#") ? "?" : dim)).join(", ")}] of ${printElem(elem)}`;
}

/** Numbers in one element's array; `undefined` if a symbol has no value. */
export function leafSize(leaf: Leaf, sizes: Sizes): number | undefined {
  let product = 1;
  for (const dim of leaf.dims) {
    const size = sizeOf(dim, sizes);
    if (size === undefined) return undefined;
    product *= size;
  }
  return product;
}
