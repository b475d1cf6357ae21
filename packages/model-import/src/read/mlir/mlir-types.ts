/** Types, attributes and aliases of MLIR text. */
import type { Dtype } from "../../graph/dtype.ts";
import type { SparseEncoding } from "../../graph/encoding.ts";
import type { AffineMap, DenseElements, MlirAttribute, MlirAttributes, MlirType } from "./mlir-ast.ts";
import { parseEncoding } from "./mlir-encoding.ts";
import type { MlirScanner } from "./mlir-scanner.ts";

const scalars: Readonly<Record<string, Dtype>> = {
  f64: "f64",
  f32: "f32",
  f16: "f16",
  bf16: "bf16",
  i64: "i64",
  i32: "i32",
  i16: "i16",
  i8: "i8",
  ui8: "u8",
  si64: "i64",
  i1: "bool",
  index: "i64",
};

/** What aliases at the head of the text stand for. */
export class MlirAliases {
  readonly attributes: Map<string, MlirAttribute> = new Map();
  readonly encodings: Map<string, SparseEncoding> = new Map();
  readonly types: Map<string, MlirType> = new Map();
}

/** Reads types and attributes. */
export class MlirTypes {
  readonly #tokens: MlirScanner;
  readonly #aliases: MlirAliases;

  constructor(tokens: MlirScanner, aliases: MlirAliases) {
    this.#tokens = tokens;
    this.#aliases = aliases;
  }

  /** `#name = …` or `!name = …` at the head of the text. */
  alias(): void {
    const tokens = this.#tokens;
    const name = tokens.take();
    tokens.expect("=", "after the name of an alias");
    if (name.startsWith("!")) {
      this.#aliases.types.set(name, this.type());
      return;
    }
    if (tokens.peek() === "#sparse_tensor.encoding") this.#aliases.encodings.set(name, this.#encoding());
    else this.#aliases.attributes.set(name, this.attribute());
  }

  type(): MlirType {
    const tokens = this.#tokens;
    const start = tokens.position;
    const text = () => tokens.source.text.slice(start, tokens.span(start).end).trim();
    const name = tokens.take();
    if (name === "tensor" || name === "memref") return this.#shaped(name, text);
    if (Object.hasOwn(scalars, name))
      return { kind: "scalar", dtype: scalars[name], shape: [], encoding: undefined, text: name };
    const known = this.#aliases.types.get(name);
    if (known !== undefined) return known;
    if (name === "(") {
      tokens.seek(start);
      tokens.balanced();
      if (tokens.accept("->")) this.#result();
    } else if (tokens.peek() === "<") tokens.balanced();
    return { kind: "other", dtype: undefined, shape: [], encoding: undefined, text: text() };
  }

  #result(): void {
    if (this.#tokens.peek() === "(") this.#tokens.balanced();
    else this.type();
  }

  #shaped(kind: "tensor" | "memref", text: () => string): MlirType {
    const tokens = this.#tokens;
    const start = tokens.position;
    tokens.expect("<", `after ${kind}`);
    if (tokens.peek() === "*") {
      // A tensor of unknown rank, as functions of the runtime library take: not looked into.
      tokens.seek(start);
      tokens.balanced();
      return { kind: "other", dtype: undefined, shape: [], encoding: undefined, text: text() };
    }
    const shape = tokens.extents().map((extent) => (extent === "?" ? undefined : extent));
    const element = this.type();
    let encoding: SparseEncoding | undefined;
    while (tokens.accept(",")) {
      const next = tokens.peek();
      if (next === "#sparse_tensor.encoding") encoding = this.#encoding();
      else if (next.startsWith("#"))
        encoding = this.#aliases.encodings.get(tokens.take()) ?? this.#unknownEncoding(next);
      else if (tokens.peek() === "strided") {
        tokens.take();
        tokens.balanced();
      } else this.attribute();
    }
    tokens.expect(">", `at the end of the ${kind}`);
    return { kind, dtype: element.dtype, shape, encoding, text: text() };
  }

  #unknownEncoding(name: string): SparseEncoding | undefined {
    if (this.#aliases.attributes.has(name)) return undefined;
    this.#tokens.fail(
      `${name} is no encoding that was defined`,
      "define it as #sparse_tensor.encoding<{ … }> at the head of the file",
    );
  }

  #encoding(): SparseEncoding {
    this.#tokens.take();
    return parseEncoding(this.#tokens);
  }

  /** `{ key = value, … }` behind its opening bracket, up to `close`. */
  attributes(close: string): MlirAttributes {
    const tokens = this.#tokens;
    const result: Record<string, MlirAttribute> = {};
    while (!tokens.accept(close)) {
      const key = tokens.take().replace(/^"|"$/g, "");
      if (key === "") tokens.fail("attributes are not closed");
      result[key] = tokens.accept("=") ? this.attribute() : true;
      if (!tokens.accept(",") && tokens.peek() !== close) tokens.fail("expected a comma between attributes");
    }
    return result;
  }

  attribute(): MlirAttribute {
    return this.#tokens.nested(() => this.#plainAttribute());
  }

  #plainAttribute(): MlirAttribute {
    const tokens = this.#tokens;
    const first = tokens.peek();
    if (tokens.accept("[")) return this.#list("]");
    if (tokens.accept("{")) return this.attributes("}");
    if (first.startsWith('"')) return tokens.take().slice(1, -1);
    if (first === "affine_map") return this.affineMap();
    if (first === "dense" || first === "dense_resource") return this.#dense();
    if (first === "array") {
      tokens.take();
      tokens.expect("<", "after array");
      tokens.take();
      if (tokens.accept(":")) return this.#list(">");
      tokens.expect(">", "at the end of the array");
      return [];
    }
    if (first === "true" || first === "false") return tokens.take() === "true";
    if (first.startsWith("@")) return { symbol: tokens.take().slice(1).replace(/"/g, "") };
    if (first.startsWith("#")) return this.#named(tokens.take());
    if (first === "-" || /^\d/.test(first)) return this.number();
    const type = this.type();
    return Object.hasOwn({ inf: 1, nan: 1 }, type.text) ? (type.text === "inf" ? Infinity : Number.NaN) : { type };
  }

  #list(close: string): MlirAttribute[] {
    const tokens = this.#tokens;
    const items: MlirAttribute[] = [];
    while (!tokens.accept(close)) {
      items.push(this.attribute());
      if (!tokens.accept(",") && tokens.peek() !== close) tokens.fail("expected a comma between the items");
    }
    return items;
  }

  // An alias, or an attribute of a dialect such as #linalg.iterator_type<parallel>: its argument is what counts.
  #named(name: string): MlirAttribute {
    const known = this.#aliases.attributes.get(name);
    if (known !== undefined) return known;
    const encoding = this.#aliases.encodings.get(name);
    if (encoding !== undefined) return name;
    return this.#tokens.peek() === "<" ? this.#tokens.balanced().slice(1, -1) : name;
  }

  /** A number, with its type behind it if there is one; hexadecimal ones are the bits of a float. */
  number(): number {
    const tokens = this.#tokens;
    const sign = tokens.accept("-") ? -1 : 1;
    const token = tokens.take();
    if (!/^\d/.test(token)) tokens.fail("expected a number");
    const type = tokens.accept(":") ? this.type() : undefined;
    if (!token.startsWith("0x")) return sign * Number(token);
    return type?.dtype === undefined || /^[iu]/.test(type.dtype)
      ? sign * Number(token)
      : sign * bitsToFloat(token, type.dtype);
  }

  #dense(): DenseElements {
    const tokens = this.#tokens;
    const resource = tokens.take() === "dense_resource";
    if (resource) {
      tokens.balanced();
    } else tokens.expect("<", "after dense");
    const elements: number[] = [];
    let depth = 0;
    while (!resource && (depth > 0 || tokens.peek() !== ">")) {
      const token = tokens.peek();
      if (token === "") tokens.fail("a constant is not closed");
      if (token.startsWith('"'))
        tokens.fail(
          "a constant in hexadecimal is not read",
          "print it with --mlir-print-elementsattrs-with-hex-if-larger=-1",
        );
      if (token === "[" || token === "]") depth += token === "[" ? 1 : -1;
      if (token === "-" || /^\d/.test(token)) elements.push(this.number());
      else if (token === "true" || token === "false") elements.push(Number(tokens.take() === "true"));
      else tokens.take();
    }
    if (!resource) tokens.expect(">", "at the end of the constant");
    return { elements, elided: resource };
  }

  affineMap(): AffineMap {
    const tokens = this.#tokens;
    tokens.take();
    tokens.expect("<", "after affine_map");
    tokens.expect("(", "before the dimensions");
    const dimensions: string[] = [];
    while (!tokens.accept(")")) {
      const name = tokens.take();
      if (name === "") tokens.fail("a map is not closed");
      if (name !== ",") dimensions.push(name);
    }
    if (tokens.peek() === "[") tokens.balanced();
    tokens.expect("->", "in the map");
    tokens.expect("(", "before the results");
    const results: AffineMap["results"][number][] = [];
    for (let parts: string[] = []; ; ) {
      const token = tokens.take();
      if (token === "") tokens.fail("a map is not closed");
      if (token !== "," && token !== ")") {
        parts.push(token);
        continue;
      }
      if (parts.length > 0) results.push(resultOf(parts, dimensions));
      parts = [];
      if (token === ")") break;
    }
    tokens.expect(">", "at the end of the map");
    return { dimensions, results };
  }
}

function resultOf(parts: readonly string[], dimensions: readonly string[]): AffineMap["results"][number] {
  const [only = ""] = parts;
  const dimension = dimensions.indexOf(only);
  if (parts.length === 1 && dimension >= 0) return { dimension };
  if (parts.length === 1 && /^\d+$/.test(only)) return { constant: Number(only) };
  return { other: parts.join(" ") };
}

function bitsToFloat(token: string, dtype: Dtype): number {
  const view = new DataView(new ArrayBuffer(8));
  if (dtype === "f64") {
    view.setBigUint64(0, BigInt(token) & 0xffffffffffffffffn);
    return view.getFloat64(0);
  }
  const bits = Number(BigInt(token) & 0xffffffffn);
  view.setUint32(0, dtype === "bf16" ? bits << 16 : bits);
  return view.getFloat32(0);
}
