/** Sizes, types and arguments in the JSON of torch.export. */
import { DiagnosticError } from "@millrace/ir-text";
import type { JsonReader } from "../../archive/json-reader.ts";
import { ModelError } from "../../errors.ts";
import type { Dtype } from "../../graph/dtype.ts";
import type { Attribute, Value } from "../../graph/model-graph.ts";
import { parseSize } from "../../graph/parse-size.ts";
import { type Size, symbolsOfSize } from "../../graph/size.ts";
import { dtypeOfNumber } from "./torch-dtype.ts";

/** Told about every symbol that an expression mentions, with the value it had at export time. */
export type SymbolWatcher = (name: string, hint: number | undefined) => void;

/** A size: `{as_int}`, `{as_expr: {expr_str, hint}}`, or a plain number as in the oldest layout. */
export function readSize(json: JsonReader, watch: SymbolWatcher): Size {
  if (typeof json.value === "number") return json.integer();
  const [kind, value] = json.union() ?? [];
  if (kind === "as_int" && value !== undefined) return value.integer();
  if (kind !== "as_expr" || value === undefined) throw json.wrong("as_int or as_expr");
  const text = value.at("expr_str").text();
  const size = parseAt(value, text);
  const hint = value.at("hint");
  const number = hint.present ? (hint.union()?.[1].value ?? undefined) : undefined;
  const symbols = symbolsOfSize(size);
  const alone = typeof size !== "number" && "symbol" in size;
  for (const symbol of symbols) watch(symbol, alone && typeof number === "number" ? number : undefined);
  return size;
}

function parseAt(json: JsonReader, text: string): Size {
  try {
    return parseSize({ name: "expr_str", text });
  } catch (cause) {
    if (!(cause instanceof DiagnosticError)) throw cause;
    throw new ModelError(
      "size-malformed",
      `${JSON.stringify(text.slice(0, 80))} is no size: ${cause.diagnostics[0]?.message}`,
      {
        place: json.place,
        help: "sizes are sums, products, quotients, remainders, max and min of symbols",
        cause,
      },
    );
  }
}

/** The dtype of a number, refused by name where it is not modelled. */
export function readDtype(json: JsonReader): Dtype {
  const dtype = dtypeOfNumber(json.integer());
  if (typeof dtype === "string") return dtype;
  throw new ModelError("dtype-unsupported", `${dtype.unsupported} is not modelled`, {
    place: json.place,
    help: "cast the model to float32 before exporting",
  });
}

const layouts: Readonly<Record<number, string>> = { 2: "CSR", 3: "CSC", 4: "BSR", 5: "BSC", 6: "mkldnn" };

/** What `tensor_values` says of a tensor. */
export function readTensorMeta(json: JsonReader, watch: SymbolWatcher): Value {
  const number = json.at("layout").integer();
  const shape = json
    .at("sizes")
    .list()
    .map((size) => readSize(size, watch));
  const dtype = readDtype(json.at("dtype"));
  if (number === 7) return { dtype, shape, layout: "strided" };
  if (number === 1) return { dtype, shape, layout: "coo" };
  throw new ModelError("layout-unsupported", `layout ${layouts[number] ?? number} cannot be read`, {
    place: json.at("layout").place,
    help: "call to_sparse_coo() before exporting, and give the storage format when the model is imported",
  });
}

const ignored = new Set(["as_device", "as_layout", "as_memory_format", "as_operator", "as_custom_obj"]);

/** An argument of a node; tensors and computed sizes are `{ value }`. */
export function readArgument(json: JsonReader, watch: SymbolWatcher): Attribute {
  const found = json.union();
  if (found === undefined) return null;
  const [kind, value] = found;
  const symbolic = (item: JsonReader): Attribute => {
    const [form, inner] = item.union() ?? [];
    if (inner === undefined) throw item.wrong("a size");
    if (form === "as_name") return { value: inner.text() };
    if (form === "as_int") return inner.integer();
    return readNumber(inner);
  };
  switch (kind) {
    case "as_none":
      return null;
    case "as_tensor":
      return { value: value.at("name").text() };
    case "as_tensors":
      return value.list().map((item) => ({ value: item.at("name").text() }));
    case "as_optional_tensor":
    case "as_sym_int":
    case "as_sym_bool":
    case "as_sym_float":
      return kind === "as_optional_tensor" ? readArgument(value, watch) : symbolic(value);
    case "as_optional_tensors":
      return value.list().map((item) => readArgument(item, watch));
    case "as_sym_ints":
    case "as_sym_bools":
    case "as_sym_floats":
      return value.list().map(symbolic);
    case "as_int":
      // Larger integers than JSON keeps exactly stand for "to the end".
      return Number.isInteger(value.number()) ? value.number() : value.integer();
    case "as_float":
      return readNumber(value);
    case "as_bool":
      return value.boolean();
    case "as_string":
      return value.text();
    case "as_ints":
      return value.list().map((item) => item.integer());
    case "as_floats":
      return value.list().map(readNumber);
    case "as_bools":
      return value.list().map((item) => item.boolean());
    case "as_strings":
      return value.list().map((item) => item.text());
    case "as_scalar_type":
      return readDtype(value);
    default:
      if (ignored.has(kind)) return null;
      throw value.wrong(`a kind of argument that is known, not ${kind},`);
  }
}

function readNumber(json: JsonReader): number {
  if (typeof json.value === "number") return json.value;
  switch (json.value) {
    case "Infinity":
    case "inf":
      return Infinity;
    case "-Infinity":
    case "-inf":
      return -Infinity;
    case "NaN":
    case "nan":
      return Number.NaN;
    default:
      throw json.wrong("a number");
  }
}
