/** The neutral JSON form of a SAM graph: the fields of graph.ts, nothing else. */
import * as v from "valibot";
import type { SamBlock, SamGraph } from "../graph.ts";
import { maximumArity, maximumWidth } from "../ports.ts";
import { isTileAxes, maximumTile } from "../tile-work.ts";

const levelKind = v.picklist(["dense", "compressed", "bitvector"]);
const streamKind = v.picklist(["crd", "ref", "val", "repsig", "bv"]);
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maximumArity));
const level = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(63));
const width = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maximumWidth));
const plain = /^[^\\"\p{Cc}]*$/u;
const text = v.pipe(v.string(), v.regex(plain, "a text without quotes, backslashes and control characters"));
const id = v.pipe(text, v.minLength(1));
const flag = v.boolean();
const lane = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maximumArity - 1));

const shared = { id, label: v.exactOptional(v.string()) };
const size = v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(maximumTile));
const tile = {
  tile: v.exactOptional(
    v.strictObject({ size, axes: v.pipe(v.string(), v.check(isTileAxes, "axes such as ab,bc->ac")) }),
  ),
};
const join = { index: text, arity: count, gallop: v.exactOptional(flag) };
const pair = { outer: text, inner: text };
const bundle = { stream: streamKind, ways: count };

const block = v.variant("type", [
  v.strictObject({ ...shared, type: v.literal("root"), tensor: text }),
  v.strictObject({
    ...shared,
    type: v.literal("scanner"),
    ...{ tensor: text, level, index: text, format: levelKind, gallop: v.exactOptional(flag) },
  }),
  v.strictObject({ ...shared, type: v.literal("intersect"), ...join }),
  v.strictObject({ ...shared, type: v.literal("union"), ...join }),
  v.strictObject({ ...shared, type: v.literal("locate"), tensor: text, level, index: text, parent: flag }),
  v.strictObject({ ...shared, type: v.literal("repsiggen"), index: text }),
  v.strictObject({
    ...shared,
    type: v.literal("repeat"),
    ...{ index: text, tensor: text, root: flag, of: v.picklist(["ref", "val"]) },
  }),
  v.strictObject({ ...shared, type: v.literal("array"), tensor: text, ...tile }),
  v.strictObject({
    ...shared,
    type: v.literal("alu"),
    operation: v.picklist(["add", "sub", "mul", "div", "max", "elemmul"]),
    ...tile,
  }),
  v.strictObject({
    ...shared,
    type: v.literal("unary"),
    operation: v.picklist([
      ...(["exp", "sin", "cos", "rsqrt", "sigmoid", "relu", "leakyrelu"] as const),
      ...(["log", "sqrt", "tanh", "erf"] as const),
      ...(["max", "scalar-add", "scalar-mul", "scalar-div"] as const),
    ]),
    constant: v.exactOptional(v.pipe(v.number(), v.finite())),
    ...tile,
  }),
  v.strictObject({ ...shared, type: v.literal("reduce"), operation: v.picklist(["add", "max", "addsum"]), ...tile }),
  v.strictObject({
    ...shared,
    type: v.literal("spacc"),
    ...{
      form: v.picklist(["fibers", "points"]),
      order: count,
      indices: v.pipe(v.array(text), v.maxLength(maximumArity)),
    },
    ...tile,
  }),
  v.strictObject({ ...shared, type: v.literal("crdhold"), ...pair }),
  v.strictObject({ ...shared, type: v.literal("crddrop"), ...pair, of: v.picklist(["crd", "val"]) }),
  v.strictObject({ ...shared, type: v.literal("val-drop") }),
  v.strictObject({ ...shared, type: v.literal("stop-drop") }),
  v.strictObject({ ...shared, type: v.literal("empty-fiber-drop") }),
  v.strictObject({ ...shared, type: v.literal("gen-ref") }),
  v.strictObject({ ...shared, type: v.literal("pack-bits") }),
  v.strictObject({ ...shared, type: v.literal("split"), ...pair, width }),
  v.strictObject({
    ...shared,
    type: v.literal("mask"),
    ...pair,
    keep: v.picklist(["lower", "upper", "diagonal"]),
  }),
  v.strictObject({ ...shared, type: v.literal("broadcast"), ...bundle }),
  v.strictObject({ ...shared, type: v.literal("fork"), ...bundle, deal: v.exactOptional(v.array(lane)) }),
  v.strictObject({ ...shared, type: v.literal("join"), ...bundle }),
  v.strictObject({
    ...shared,
    type: v.literal("write-level"),
    ...{ tensor: text, level, index: text, format: levelKind, mergeEmptyFibers: flag, words: v.exactOptional(flag) },
  }),
  v.strictObject({ ...shared, type: v.literal("write-values"), tensor: text, ...tile }),
]);

const end = v.strictObject({ block: id, port: id });

/** What `JSON.parse` must give for a SAM graph. */
export const samGraphSchema: v.GenericSchema<unknown, SamGraph> = v.strictObject({
  name: text,
  expression: v.exactOptional(text),
  tensors: v.record(
    text,
    v.strictObject({
      levels: v.pipe(v.array(levelKind), v.maxLength(64)),
      modeOrder: v.pipe(v.array(level), v.maxLength(64)),
      tile: v.exactOptional(v.pipe(v.array(v.union([v.literal(1), size])), v.maxLength(64))),
    }),
  ),
  blocks: v.array(block satisfies v.GenericSchema<unknown, SamBlock>),
  edges: v.array(v.strictObject({ id, kind: streamKind, from: end, to: end })),
});
