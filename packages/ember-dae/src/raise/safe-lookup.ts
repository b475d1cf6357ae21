/**
 * TensorFlow's `safe_embedding_lookup_sparse`, folded: ids below 0 are dropped, rows without ids get a row of the table, and
 * what became of them is replaced by zeros. A bag without ids is zeros by itself, so nothing of this remains, and neither
 * does the `Unique` before the table is read.
 */
import type { Node } from "@millrace/model-import";
import type { GraphWalk } from "./graph-walk.ts";
import type { Lookup } from "./lookup.ts";

/** The lookup that a model's replacing of empty rows is, where `node` does that for the result of another lookup. */
export function safeLookup(node: Node, lookup: Lookup, walk: GraphWalk): Lookup | undefined {
  const { source } = lookup;
  if (node.op !== "where" || source.form !== "segments") return undefined;
  const [empty, zeros, result] = node.inputs;
  if (result !== lookup.result || typeof empty !== "string" || zeros == null || walk.uniform(zeros) !== 0)
    return undefined;
  const fill = walk.producer(source.indices, "sparse-fill-empty-rows");
  const tile = walk.producer(empty, "tile");
  const flags = walk.through(typeof tile?.inputs[0] === "string" ? tile.inputs[0] : empty);
  const column = walk.producer(source.segments, "strided-slice");
  const [coordinates, ids, shape] = fill?.inputs ?? [];
  if (fill?.outputs[1] !== source.indices || flags.value !== fill.outputs[2] || column?.inputs[0] !== fill.outputs[0])
    return undefined;
  if (column === undefined || !isFirstColumn(column) || source.weights !== undefined) return undefined;
  if (typeof coordinates !== "string" || typeof ids !== "string" || typeof shape !== "string") return undefined;
  const kept = withoutNegative(coordinates, ids, walk);
  const passed = [...(kept?.nodes ?? []), fill, ...flags.nodes, ...(tile === undefined ? [] : [tile]), column, node];
  return {
    ...lookup,
    source: {
      form: "rows-of-entries",
      coordinates: kept?.coordinates ?? coordinates,
      indices: kept?.ids ?? ids,
      shape,
      dropNegative: kept !== undefined,
    },
    result: node.outputs[0] ?? "",
    nodes: [...new Set([...lookup.nodes, ...passed.map(({ name }) => name)])],
    place: node.place,
  };
}

function isFirstColumn({ attributes }: Node): boolean {
  const { begin, shrinkAxisMask } = attributes;
  return JSON.stringify(begin) === "[0,0]" && shrinkAxisMask === 2;
}

// Entries and ids picked by the places where ids are at least 0.
function withoutNegative(coordinates: string, ids: string, walk: GraphWalk) {
  const [entries, values] = [walk.producer(coordinates, "gather"), walk.producer(ids, "gather")];
  const places = entries?.inputs[1];
  if (entries === undefined || values === undefined || typeof places !== "string" || values.inputs[1] !== places)
    return undefined;
  const { value, nodes } = walk.through(places);
  const where = walk.producer(value, "nonzero");
  const test = walk.producer(where?.inputs[0], "greater-equal");
  const [all, held] = [entries.inputs[0], values.inputs[0]];
  const [tested, bound] = test?.inputs ?? [];
  if (where === undefined || test === undefined || typeof all !== "string" || typeof held !== "string")
    return undefined;
  if (tested !== held || typeof bound !== "string" || walk.uniform(bound) !== 0) return undefined;
  return { coordinates: all, ids: held, nodes: [test, where, ...nodes, entries, values] };
}
