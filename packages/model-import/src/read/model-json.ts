/** Reads graphs in the JSON form of `modelToJson`. Their weights did not come along. */
import { formatProblems, type LevelFormat, type TensorFormat } from "@millrace/tensor";
import type { JsonReader } from "../archive/json-reader.ts";
import { ModelError } from "../errors.ts";
import type { Dtype } from "../graph/dtype.ts";
import type { EncodingLevel, SparseEncoding } from "../graph/encoding.ts";
import { GraphBuilder } from "../graph/graph-builder.ts";
import type { Attribute, ModelGraph, Node, Region, Tag, Value } from "../graph/model-graph.ts";
import { modelJsonVersion } from "../graph/model-json.ts";
import type { Place } from "../graph/place.ts";
import type { Size, SizeOperator } from "../graph/size.ts";

/** Whether JSON is a graph in this form. */
export function isModelJson(json: unknown): boolean {
  return typeof json === "object" && json !== null && "modelJson" in json;
}

/** @throws {ModelError} `program-malformed` with the path of what is not as it must be; as the other readers for the graph */
export function readModelJson(json: JsonReader): ModelGraph {
  const version = json.at("modelJson").integer();
  if (version !== modelJsonVersion) {
    throw new ModelError(
      "program-malformed",
      `version ${version} of the JSON form; version ${modelJsonVersion} is read`,
      {
        place: json.at("modelJson").place,
        help: "write it again with this version",
      },
    );
  }
  const from = json.at("source");
  const source = {
    format: oneOf(from.at("format"), formats),
    file: from.at("file").text(),
    version: from.at("version").text(),
    producer: from.at("producer").text(),
  };
  const builder = new GraphBuilder(json.at("name").text(), source);
  for (const symbol of json.at("symbols").list()) {
    const number = (key: string): number | undefined => (symbol.at(key).present ? symbol.at(key).number() : undefined);
    const equalTo = symbol
      .at("equalTo")
      .list()
      .map((item) => item.text());
    const limits = { minimum: number("minimum"), maximum: number("maximum"), hint: number("hint") };
    builder.symbol({ name: symbol.at("name").text(), ...limits, equalTo });
  }
  for (const [name, value] of json.at("values").entries()) builder.value(name, readValue(value));
  for (const input of json.at("inputs").list())
    builder.input(input.at("value").text(), input.at("name").text(), input.place);
  for (const param of json.at("params").list()) {
    const uniform = param.at("uniform").present ? { uniform: readNumber(param.at("uniform")) } : {};
    builder.param(
      param.at("value").text(),
      { name: param.at("name").text(), weight: undefined, ...uniform },
      param.place,
    );
  }
  for (const node of json.at("nodes").list()) builder.node(readNode(node, builder));
  for (const output of json.at("outputs").list())
    builder.output(output.at("value").text(), output.at("name").text(), output.place);
  return { ...builder.finish(), tags: json.at("tags").list().map(readTag) };
}

const layouts = ["strided", "coo"] as const;

function readValue(json: JsonReader): Value {
  const { dtype, shape, format, encoding, size, type } = Object.fromEntries(
    ["dtype", "shape", "format", "encoding", "size", "type"].map((key) => [key, json.at(key)]),
  ) as Record<string, JsonReader>;
  return {
    dtype: dtype!.present ? oneOf(dtype!, dtypes) : undefined,
    shape: shape!.present ? shape!.list().map(readSize) : undefined,
    layout: oneOf(json.at("layout"), layouts),
    ...(format!.present && { format: readFormat(format!) }),
    ...(encoding!.present && { encoding: readEncoding(encoding!) }),
    ...(size!.present && { size: readSize(size!) }),
    ...(type!.present && { type: type!.text() }),
  };
}

function readSize(json: JsonReader): Size {
  if (typeof json.value === "number") return json.integer();
  if (typeof json.value === "string") return { symbol: json.value };
  const operands = json.at("operands").list().map(readSize);
  return { operator: oneOf(json.at("operator"), operators), operands };
}

const operators: readonly SizeOperator[] = ["add", "multiply", "floor-divide", "mod", "max", "min"];
const levelKinds = ["dense", "compressed", "loose_compressed", "singleton", "structured", "batch"] as const;
const formats = ["pt2", "aten-text", "fx-text", "fx-json", "onnx", "graphdef", "tfjs", "mlir", "einsum"] as const;
const dtypes: readonly Dtype[] = ["f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8", "bool", "string"];

/** The word of a list. */
function oneOf<Word extends string>(json: JsonReader, words: readonly Word[]): Word {
  const word = words.find((each) => each === json.value);
  if (word === undefined) throw json.wrong(`one of ${words.join(", ")}`);
  return word;
}

function readFormat(json: JsonReader): TensorFormat {
  const levels = json
    .at("levels")
    .list()
    .map((level): LevelFormat => {
      const size = level.at("blockSize");
      return {
        kind: level.at("kind").text() as LevelFormat["kind"],
        ...(size.present && { blockSize: size.integer() }),
      };
    });
  const format = {
    levels,
    modeOrder: json
      .at("modeOrder")
      .list()
      .map((mode) => mode.integer()),
  };
  const [problem] = formatProblems(format);
  if (problem !== undefined) throw json.wrong(`a legal format (${problem})`);
  return format;
}

function readEncoding(json: JsonReader): SparseEncoding {
  const levels = json
    .at("levels")
    .list()
    .map((level): EncodingLevel => {
      const [block, structure] = [level.at("block"), level.at("structure")];
      return {
        dimension: level.at("dimension").integer(),
        ...(block.present && {
          block: { operator: oneOf(block.at("operator"), ["floordiv", "mod"]), by: block.at("by").integer() },
        }),
        kind: oneOf(level.at("kind"), levelKinds),
        ...(structure.present && {
          structure: structure.list().map((each) => each.integer()) as unknown as readonly [number, number],
        }),
        unique: level.at("unique").boolean(),
        ordered: level.at("ordered").boolean(),
        structureOfArrays: level.at("structureOfArrays").boolean(),
      };
    });
  return {
    dimensions: json
      .at("dimensions")
      .list()
      .map((name) => name.text()),
    levels,
    positionBits: json.at("positionBits").integer(),
    coordinateBits: json.at("coordinateBits").integer(),
  };
}

function readNode(json: JsonReader, builder: GraphBuilder): Omit<Node, "regions"> & { regions: Region[] } {
  const inputs = json
    .at("inputs")
    .list()
    .map((input) => (input.present ? input.text() : null));
  const outputs = json
    .at("outputs")
    .list()
    .map((output) => output.text());
  const regions = json.at("regions").present ? json.at("regions").list() : [];
  return {
    name: json.at("name").text(),
    op: json.at("op").text(),
    inputs,
    outputs,
    attributes: readAttributes(json.at("attributes")),
    place: readPlace(json.at("place"), builder.source.file),
    regions: regions.map((region): Region => {
      const names = (key: string): string[] =>
        region
          .at(key)
          .list()
          .map((name) => name.text());
      const nodes = region
        .at("nodes")
        .list()
        .map((node) => builder.detached(readNode(node, builder)));
      return { name: region.at("name").text(), inputs: names("inputs"), outputs: names("outputs"), nodes };
    }),
  };
}

function readPlace(json: JsonReader, source: string): Place {
  const part = (key: string): string | number =>
    typeof json.at(key).value === "number" ? json.at(key).integer() : json.at(key).text();
  const parts = ["file", "member", "path", "line", "column", "originalName"].filter((key) => json.at(key).present);
  return { file: source, ...Object.fromEntries(parts.map((key) => [key, part(key)])) };
}

function readTag(json: JsonReader): Tag {
  return {
    pattern: json.at("pattern").text(),
    nodes: json
      .at("nodes")
      .list()
      .map((node) => node.text()),
    roles: Object.fromEntries(
      json
        .at("roles")
        .entries()
        .map(([role, value]) => [role, value.text()]),
    ),
    attributes: readAttributes(json.at("attributes")),
  };
}

function readAttributes(json: JsonReader): Record<string, Attribute> {
  return Object.fromEntries(json.entries().map(([key, item]) => [key, readAttribute(item)]));
}

function readAttribute(json: JsonReader): Attribute {
  const { value } = json;
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return value as Attribute;
  if (Array.isArray(value)) return json.list().map(readAttribute);
  if (json.at("number").present) return readNumber(json);
  if (json.at("value").present) return { value: json.at("value").text() };
  if (json.at("symbol").present) return { symbol: json.at("symbol").text() };
  if (!json.at("operator").present) throw json.wrong("a number, a text, a list, a value or a size");
  const operator = oneOf(json.at("operator"), operators);
  return {
    operator,
    operands: json
      .at("operands")
      .list()
      .map((operand) => readAttribute(operand) as Size),
  };
}

function readNumber(json: JsonReader): number {
  if (typeof json.value === "number") return json.value;
  const text = json.at("number").text();
  if (!["NaN", "Infinity", "-Infinity", "-0"].includes(text)) throw json.wrong("a number");
  return Number(text);
}
