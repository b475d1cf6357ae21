/**
 * TensorFlow's `safe_embedding_lookup_sparse`, folded: ids below 0 are dropped, and where weights are averaged those that
 * are not positive, rows without ids get a row of the table, and what became of them is replaced by zeros. A bag without ids
 * is zeros by itself, so nothing of this remains, and neither does the `Unique` before the table is read.
 */
import type { Node } from "@millrace/model-import";
import type { GraphWalk } from "./graph-walk.ts";
import type { Lookup } from "./lookup.ts";

/** The lookup that a model's replacing of empty rows is, where `node` does that for the result of another lookup. */
export function safeLookup(node: Node, lookup: Lookup, walk: GraphWalk): Lookup | undefined {
  const { source } = lookup;
  if (node.op !== "where" || source.form !== "segments") return undefined;
  const [empty, zeros, result] = node.inputs;
  const divided = result !== lookup.result;
  if (divided && !isQuotient(result, lookup, walk)) return undefined;
  if (typeof empty !== "string" || zeros == null || walk.uniform(zeros) !== 0) return undefined;
  const fill = walk.producer(source.indices, "sparse-fill-empty-rows");
  const tile = walk.producer(empty, "tile");
  const flags = walk.through(typeof tile?.inputs[0] === "string" ? tile.inputs[0] : empty);
  const cast = walk.producer(source.segments, "cast");
  const column = walk.producer(cast?.inputs[0] ?? source.segments, "strided-slice");
  const [coordinates, ids, shape] = fill?.inputs ?? [];
  if (fill?.outputs[1] !== source.indices || flags.value !== fill.outputs[2] || column?.inputs[0] !== fill.outputs[0])
    return undefined;
  if (column === undefined || !isFirstColumn(column)) return undefined;
  if (typeof coordinates !== "string" || typeof ids !== "string" || typeof shape !== "string") return undefined;
  const filled = source.weights === undefined ? undefined : walk.producer(source.weights, "sparse-fill-empty-rows");
  const weights = filled?.inputs[1] ?? undefined;
  if (source.weights !== undefined && (filled?.outputs[1] !== source.weights || weights === undefined))
    return undefined;
  const kept = unfiltered({ coordinates, ids, weights }, walk);
  const passed = [...kept.nodes, fill, ...flags.nodes, ...(tile === undefined ? [] : [tile]), column, node];
  return {
    ...lookup,
    source: {
      form: "rows-of-entries",
      coordinates: kept.coordinates,
      indices: kept.ids,
      weights: kept.weights,
      shape,
      dropNegative: kept.dropNegative,
      dropWeights: kept.dropWeights,
    },
    // A quotient of zeros is zeros: what divides, and replaces, stays.
    result: divided ? lookup.result : (node.outputs[0] ?? ""),
    nodes: divided ? lookup.nodes : [...new Set([...lookup.nodes, ...passed.map(({ name }) => name)])],
    place: node.place,
  };
}

// The sums of weighted rows, divided by those of weights, and used for nothing else that reads their elements.
function isQuotient(value: string | null | undefined, { result }: Lookup, walk: GraphWalk): boolean {
  const division = walk.producer(value, "div", "div-no-nan");
  const readers = walk.graph.nodes.filter(({ inputs, name }) => inputs.includes(result) && name !== division?.name);
  return division?.inputs[0] === result && readers.every(({ op }) => op === "shape-of" || op === "full-like");
}

function isFirstColumn({ attributes }: Node): boolean {
  const { begin, shrinkAxisMask } = attributes;
  return JSON.stringify(begin) === "[0,0]" && shrinkAxisMask === 2;
}

interface Entries {
  readonly coordinates: string;
  readonly ids: string;
  readonly weights: string | undefined;
}

interface Unfiltered extends Entries {
  readonly dropNegative: boolean;
  readonly dropWeights: boolean;
  readonly nodes: readonly Node[];
}

/** Entries before those were dropped whose ids are below 0, or whose weights are not positive. */
function unfiltered(entries: Entries, walk: GraphWalk): Unfiltered {
  let found: Unfiltered = { ...entries, dropNegative: false, dropWeights: false, nodes: [] };
  for (let step = filterOf(found, walk); step !== undefined; step = filterOf(found, walk)) {
    const { test, nodes, ...before } = step;
    found = {
      ...before,
      dropNegative: found.dropNegative || test === "ids",
      dropWeights: found.dropWeights || test === "weights",
      nodes: [...nodes, ...found.nodes],
    };
  }
  return found;
}

// Coordinates, ids and weights picked by the places where one condition holds.
function filterOf({ coordinates, ids, weights }: Entries, walk: GraphWalk) {
  const picked = [coordinates, ids, ...(weights === undefined ? [] : [weights])].map((value) => pick(value, walk));
  const [entries, values, scales] = picked;
  if (entries === undefined || values === undefined || (weights !== undefined && scales === undefined))
    return undefined;
  if (picked.some((each) => each?.condition !== entries.condition)) return undefined;
  const before = { coordinates: entries.from, ids: values.from, weights: scales?.from };
  const test = conditionOn(entries.condition, before, walk);
  if (test === undefined) return undefined;
  return { ...before, test, nodes: picked.flatMap((each) => each?.nodes ?? []) };
}

function pick(value: string, walk: GraphWalk) {
  const gather = walk.producer(value, "gather");
  const [from, places] = gather?.inputs ?? [];
  if (gather === undefined || typeof from !== "string" || typeof places !== "string") return undefined;
  const { value: held, nodes } = walk.through(places);
  const where = walk.producer(held, "nonzero");
  const condition = where?.inputs[0];
  if (where === undefined || typeof condition !== "string") return undefined;
  return { from, condition, nodes: [where, ...nodes, gather] };
}

function conditionOn(condition: string, { ids, weights }: Entries, walk: GraphWalk): "ids" | "weights" | undefined {
  const both = walk.producer(condition, "and");
  // A mask of the weights that is true everywhere stands beside the test of the ids.
  const real = both?.inputs.find((input) => typeof input === "string" && walk.producer(input, "greater-equal"));
  const other = both?.inputs.find((input) => input !== real);
  if (both !== undefined && (typeof other !== "string" || Number(walk.uniform(other)) !== 1)) return undefined;
  const test = walk.producer(real ?? condition, "greater-equal", "greater");
  const [tested, bound] = test?.inputs ?? [];
  if (typeof bound !== "string" || walk.uniform(bound) !== 0) return undefined;
  if (test?.op === "greater-equal" && tested === ids) return "ids";
  return test?.op === "greater" && tested === weights && weights !== undefined ? "weights" : undefined;
}
