/** Extents, dimensions and element types in program text. */
import { type DiagnosticBag, nearest, type TokenStream } from "@millrace/ir-text";
import { StepError } from "../errors.ts";
import {
  add,
  ceilDivide,
  constant,
  floorDivide,
  maximum,
  multiply,
  positive,
  subtract,
  sumOverGroups,
  symbol,
} from "../extent/arithmetic.ts";
import type { Extent } from "../extent/extent.ts";
import type { Dimension } from "../stream/dimension.ts";
import { type ElementType, index, multihot, type ScalarType, scalarBytes, tile } from "../stream/element-type.ts";
import type { Shape } from "../stream/shape.ts";

/** What parsing needs besides the tokens. */
export interface TypeContext {
  readonly bag: DiagnosticBag;
  /** Symbols that may be used. */
  readonly symbols: ReadonlySet<string>;
}

type Parsed<T> = T | undefined;

const functions: readonly string[] = ["ceil", "floor", "positive", "sum", "max"];

/** extent := product (("+" | "-") product)* */
export function parseExtent(tokens: TokenStream, context: TypeContext): Parsed<Extent> {
  return tokens.nest(() => {
    let sum = parseProduct(tokens, context);
    while (sum !== undefined && (tokens.at("+") || tokens.at("-"))) {
      const minus = tokens.take().text === "-";
      const next = parseProduct(tokens, context);
      if (next === undefined) return undefined;
      const left = sum;
      sum = guarded(tokens, context, () => (minus ? subtract(left, next) : add(left, next)));
    }
    return sum;
  });
}

function parseProduct(tokens: TokenStream, context: TypeContext): Parsed<Extent> {
  const minus = tokens.accept("-") !== undefined;
  let product = parsePrimary(tokens, context);
  while (product !== undefined && tokens.accept("*") !== undefined) {
    const next = parsePrimary(tokens, context);
    if (next === undefined) return undefined;
    const left = product;
    product = guarded(tokens, context, () => multiply(left, next));
  }
  return product === undefined || !minus ? product : multiply(-1, product);
}

function parsePrimary(tokens: TokenStream, context: TypeContext): Parsed<Extent> {
  const token = tokens.peek();
  if (token.kind === "integer") {
    const integer = tokens.expectInteger("an extent");
    return integer === undefined ? undefined : constant(integer.value);
  }
  if (tokens.accept("(") !== undefined) {
    const inner = parseExtent(tokens, context);
    return inner === undefined || tokens.expect(")", "to close the extent") === undefined ? undefined : inner;
  }
  const name = tokens.expectKind("identifier", "an extent");
  if (name === undefined) return undefined;
  if (functions.includes(name.text) && tokens.at("(")) return tokens.nest(() => parseCall(tokens, context, name.text));
  if (context.symbols.has(name.text)) return symbol(name.text);
  const close = nearest(name.text, context.symbols);
  const help = close === undefined ? `declare it: symbol ${name.text}` : `did you mean '${close}'?`;
  const message = `there is no symbol '${name.text}'`;
  context.bag.report({ severity: "error", code: "symbol-unknown", message, span: name.span, help });
  return undefined;
}

function parseCall(tokens: TokenStream, context: TypeContext, name: string): Parsed<Extent> {
  tokens.take();
  const divides = name === "ceil" || name === "floor";
  const operand = divides ? parseProduct : parseExtent;
  const first = operand(tokens, context);
  if (first === undefined) return undefined;
  const all = [first];
  if (divides && tokens.expect("/", `between the extents of ${name}`) === undefined) return undefined;
  while (divides ? all.length === 1 : name === "max" && tokens.accept(",") !== undefined) {
    const next = operand(tokens, context);
    if (next === undefined) return undefined;
    all.push(next);
  }
  if (tokens.expect(")", `to close ${name}`) === undefined) return undefined;
  return guarded(tokens, context, () => {
    if (name === "ceil") return ceilDivide(first, all[1]!);
    if (name === "floor") return floorDivide(first, all[1]!);
    if (name === "positive") return positive(first);
    return name === "sum" ? sumOverGroups(first) : maximum(...all);
  });
}

/** Arithmetic that may refuse its operands: then the refusal is a diagnostic. */
function guarded(tokens: TokenStream, { bag }: TypeContext, compute: () => Extent): Parsed<Extent> {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    bag.report({ severity: "error", code: error.code, message: error.message, span: tokens.peek().span });
    return undefined;
  }
}

/** shape := "[" dimension ("," dimension)* "]"; dimension := extent | "~" primary (":" primary)? */
export function parseShape(tokens: TokenStream, context: TypeContext): Parsed<Shape> {
  if (tokens.expect("[", "to open a shape") === undefined) return undefined;
  const dimensions: Dimension[] = [];
  do {
    const dimension = parseDimension(tokens, context);
    if (dimension === undefined) return undefined;
    dimensions.push(dimension);
  } while (tokens.accept(",") !== undefined);
  return tokens.expect("]", "to close the shape") === undefined ? undefined : dimensions;
}

function parseDimension(tokens: TokenStream, context: TypeContext): Parsed<Dimension> {
  if (tokens.accept("~") === undefined) {
    const extent = parseExtent(tokens, context);
    return extent === undefined ? undefined : { extent };
  }
  const extent = parsePrimary(tokens, context);
  if (extent === undefined) return undefined;
  if (tokens.accept(":") === undefined) return { extent, total: sumOverGroups(extent) };
  const total = parsePrimary(tokens, context);
  return total === undefined ? undefined : { extent, total };
}

/** element := scalar "[" extent "," extent "]" | multihot(n) | index(n) | buffer(element, shape) | tuple(element, …) */
export function parseElement(tokens: TokenStream, context: TypeContext): Parsed<ElementType> {
  return tokens.nest(() => {
    const words = [...Object.keys(scalarBytes), "multihot", "index", "buffer", "tuple"];
    const word = tokens.expectWord(words, "an element type");
    if (word === undefined) return undefined;
    if (Object.hasOwn(scalarBytes, word)) return parseTile(tokens, context, word as ScalarType);
    if (tokens.expect("(", `after ${word}`) === undefined) return undefined;
    const type = parseCompound(tokens, context, word);
    return type === undefined || tokens.expect(")", `to close ${word}`) === undefined ? undefined : type;
  });
}

function parseTile(tokens: TokenStream, context: TypeContext, scalar: ScalarType): Parsed<ElementType> {
  if (tokens.expect("[", "before the rows of the tile") === undefined) return undefined;
  const rows = parseExtent(tokens, context);
  if (rows === undefined || tokens.expect(",", "between rows and columns") === undefined) return undefined;
  const columns = parseExtent(tokens, context);
  if (columns === undefined || tokens.expect("]", "to close the tile") === undefined) return undefined;
  return tile(scalar, rows, columns);
}

function parseCompound(tokens: TokenStream, context: TypeContext, word: string): Parsed<ElementType> {
  if (word === "multihot" || word === "index") {
    const width = tokens.expectInteger("the width of a selector");
    if (width === undefined) return undefined;
    return word === "index" ? index(width.value) : multihot(width.value);
  }
  const first = parseElement(tokens, context);
  if (first === undefined) return undefined;
  if (word === "tuple") {
    const parts = [first];
    while (tokens.accept(",") !== undefined) {
      const part = parseElement(tokens, context);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return { kind: "tuple", parts };
  }
  if (first.kind !== "tile") {
    tokens.unexpected("a buffer of tiles");
    return undefined;
  }
  if (tokens.expect(",", "before the shape of the buffer") === undefined) return undefined;
  const shape = parseShape(tokens, context);
  return shape === undefined ? undefined : { kind: "buffer", element: first, shape };
}
