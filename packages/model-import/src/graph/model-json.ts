/** A graph as plain JSON data. */
import type { Attribute, ModelGraph, Node, Value } from "./model-graph.ts";
import type { Place } from "./place.ts";
import type { Size } from "./size.ts";

/** Plain JSON of a graph: everything but the bytes of its weights. A size is a number, the name of a symbol, or an expression. */
export type ModelJson = { readonly [key: string]: unknown };

/** Version of the form, for readers. */
export const modelJsonVersion = 1;

/**
 * The graph as plain data, which `importModel` reads back; the same graph always gives the same. Numbers that JSON lacks are
 * `{"number": "Infinity"}`; places leave out the file that the graph was read from.
 */
export function modelToJson(graph: ModelGraph): ModelJson {
  const { name, source, symbols, tags } = graph;
  const nodeJson = (node: Node): ModelJson => ({
    name: node.name,
    op: node.op,
    inputs: node.inputs,
    outputs: node.outputs,
    attributes: attributesJson(node.attributes),
    place: placeJson(node.place, source.file),
    ...(node.regions.length === 0
      ? {}
      : { regions: node.regions.map((region) => ({ ...region, nodes: region.nodes.map(nodeJson) })) }),
  });
  return {
    modelJson: modelJsonVersion,
    name,
    source,
    symbols: [...symbols.values()].map(({ hint, minimum, maximum, ...rest }) => ({
      ...rest,
      minimum: minimum ?? null,
      maximum: maximum ?? null,
      hint: hint ?? null,
    })),
    inputs: graph.inputs.map((value, index) => ({ name: graph.inputNames[index] ?? value, value })),
    outputs: graph.outputs.map((value, index) => ({ name: graph.outputNames[index] ?? value, value })),
    params: [...graph.params].map(([value, param]) => ({
      name: param.name,
      value,
      hasWeight: param.weight !== undefined,
      ...(param.uniform === undefined ? {} : { uniform: numberJson(param.uniform) }),
    })),
    values: Object.fromEntries([...graph.values].map(([key, value]) => [key, valueJson(value)])),
    nodes: graph.nodes.map(nodeJson),
    tags: tags.map((tag) => ({ ...tag, attributes: attributesJson(tag.attributes) })),
  };
}

/** A number, the name of a symbol, or an expression of such. */
function sizeJson(size: Size): unknown {
  if (typeof size === "number") return size;
  return "symbol" in size ? size.symbol : { operator: size.operator, operands: size.operands.map(sizeJson) };
}

function valueJson({ dtype, shape, layout, format, encoding, size, type }: Value): ModelJson {
  return {
    dtype: dtype ?? null,
    shape: shape?.map(sizeJson) ?? null,
    layout,
    ...(format === undefined ? {} : { format }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(size === undefined ? {} : { size: sizeJson(size) }),
    ...(type === undefined ? {} : { type }),
  };
}

function placeJson({ file, member, path, line, column, originalName }: Place, source: string): ModelJson {
  const inside = { file: file === source ? undefined : file, member, path, line, column, originalName };
  return Object.fromEntries(Object.entries(inside).filter(([, part]) => part !== undefined));
}

function attributesJson(attributes: Readonly<Record<string, Attribute>>): ModelJson {
  return Object.fromEntries(Object.entries(attributes).map(([key, item]) => [key, attributeJson(item)]));
}

function attributeJson(item: Attribute): unknown {
  if (typeof item === "number") return numberJson(item);
  if (Array.isArray(item)) return item.map((each: Attribute) => attributeJson(each));
  return item;
}

function numberJson(value: number): unknown {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : { number: Object.is(value, -0) ? "-0" : `${value}` };
}
