/** Blocks that lowering does not make, in graphs that store a tensor anew: split, packed, masked, without empty fibres. */
import { spread, type Tensor, unpack } from "@millrace/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateSam } from "../../src/evaluate/evaluate-sam.ts";
import { GraphBuilder, type NewBlock, type OutPort } from "../../src/lower/graph-builder.ts";
import type { SamGraph, SamLevelKind } from "../../src/sam/graph.ts";
import { readGraphviz } from "../../src/sam/graphviz/read-graphviz.ts";
import { printGraphviz } from "../../src/sam/graphviz/write-graphviz.ts";
import { printGraphJson, readGraphJson } from "../../src/sam/json/graph-json.ts";
import { validateGraph } from "../../src/sam/validate/validate.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { store } from "../support/random-programs.ts";

const dense = (tensor: Tensor): number[] => [...spread(unpack(tensor)).values];
const crd = (block: string, port = "crd"): OutPort => ({ block, port, kind: "crd" });
const ref = (block: string, port = "ref"): OutPort => ({ block, port, kind: "ref" });
const val = (block: string): OutPort => ({ block, port: "val", kind: "val" });
const bv = (block: string): OutPort => ({ block, port: "bv", kind: "bv" });

const scanner = (tensor: string, level: number, index: string, format: SamLevelKind = "compressed"): NewBlock => ({
  type: "scanner",
  ...{ tensor, level, index, format },
});
const writer = (level: number, index: string, words?: true): NewBlock => ({
  type: "write-level",
  tensor: "X",
  ...{ level, index, format: words ? "bitvector" : "compressed", mergeEmptyFibers: false },
  ...(words ? { words } : {}),
});

/** Scans both levels of a tensor; ids `NAME-i` and `NAME-j`. */
function scan(builder: GraphBuilder, name: string): void {
  builder.add(`root-${name}-i`, { type: "root", tensor: name }, {});
  builder.add(`${name}-i`, scanner(name, 0, "i"), { ref: ref(`root-${name}-i`) });
  builder.add(`${name}-j`, scanner(name, 1, "j"), { ref: ref(`${name}-i`) });
}

const compressed = { levels: ["compressed", "compressed"], modeOrder: [0, 1] } as const;

/** Stores B with the inner level as bits. */
function packed(): SamGraph {
  const builder = new GraphBuilder();
  scan(builder, "B");
  builder.add("values", { type: "array", tensor: "B" }, { ref: ref("B-j") });
  builder.add("bits", { type: "pack-bits" }, { crd: crd("B-j") });
  builder.add("write-i", writer(0, "i"), { crd: crd("B-i") });
  builder.add("write-j", writer(1, "j", true), { bv: bv("bits") });
  builder.add("write-values", { type: "write-values", tensor: "X" }, { val: val("values") });
  const X = { levels: ["compressed", "bitvector"], modeOrder: [0, 1] } as const;
  return builder.finish("packed", "X(i,j) = B(i,j)", { B: compressed, X });
}

/** Stores the values of C with the coordinates of B, whose inner level is bits. */
function copied(): SamGraph {
  const builder = new GraphBuilder();
  scan(builder, "C");
  builder.add("root-B-i", { type: "root", tensor: "B" }, {});
  builder.add("B-i", scanner("B", 0, "i"), { ref: ref("root-B-i") });
  builder.add("B-j", scanner("B", 1, "j", "bitvector"), { ref: ref("B-i") });
  builder.add("values", { type: "array", tensor: "C" }, { ref: ref("C-j") });
  builder.add("write-i", writer(0, "i"), { crd: crd("B-i") });
  builder.add("write-j", writer(1, "j", true), { bv: bv("B-j") });
  builder.add("write-values", { type: "write-values", tensor: "X" }, { val: val("values") });
  const B = { levels: ["compressed", "bitvector"], modeOrder: [0, 1] } as const;
  return builder.finish("copied", "X(i,j) = C(i,j)", { B, C: compressed, X: B });
}

/** Stores B with the inner level split into chunks of `width`. */
function split(width: number): SamGraph {
  const builder = new GraphBuilder();
  scan(builder, "B");
  builder.add("values", { type: "array", tensor: "B" }, { ref: ref("B-j") });
  builder.add("split", { type: "split", outer: "j0", inner: "j", width }, { crd: crd("B-j") });
  builder.add("write-i", writer(0, "i"), { crd: crd("B-i") });
  builder.add("write-j0", writer(1, "j0"), { crd: crd("split", "outer") });
  builder.add("write-j", writer(2, "j"), { crd: crd("split", "inner") });
  builder.add("write-values", { type: "write-values", tensor: "X" }, { val: val("values") });
  const X = { levels: ["compressed", "compressed", "compressed"], modeOrder: [0, 1, 2] } as const;
  return builder.finish("split", "X(i,j0,j) = B(i,j)", { B: compressed, X });
}

/** The product of B and C by elements, without rows that they have nothing in common in. */
function product(): SamGraph {
  const builder = new GraphBuilder();
  for (const name of ["B", "C"]) {
    builder.add(`root-${name}`, { type: "root", tensor: name }, {});
    builder.add(`${name}-i`, scanner(name, 0, "i"), { ref: ref(`root-${name}`) });
  }
  const operands = (outer: string): Record<string, OutPort> => ({
    ...{ crd0: crd(`B-${outer}`), ref0: ref(`B-${outer}`), crd1: crd(`C-${outer}`), ref1: ref(`C-${outer}`) },
  });
  builder.add("rows", { type: "intersect", index: "i", arity: 2 }, operands("i"));
  for (const [k, name] of ["B", "C"].entries())
    builder.add(`${name}-j`, scanner(name, 1, "j"), { ref: ref("rows", `ref${k}`) });
  builder.add("columns", { type: "intersect", index: "j", arity: 2 }, operands("j"));
  for (const [k, name] of ["B", "C"].entries())
    builder.add(`values-${name}`, { type: "array", tensor: name }, { ref: ref("columns", `ref${k}`) });
  builder.add("mul", { type: "alu", operation: "mul" }, { val0: val("values-B"), val1: val("values-C") });
  const rows = { outer: crd("rows"), inner: crd("columns") };
  builder.add("drop", { type: "crddrop", outer: "i", inner: "j", of: "crd" }, rows);
  builder.add("full", { type: "empty-fiber-drop" }, { in: crd("columns") });
  builder.add("write-i", writer(0, "i"), { crd: crd("drop", "outer") });
  builder.add("write-j", writer(1, "j"), { crd: crd("full", "out") });
  builder.add("write-values", { type: "write-values", tensor: "X" }, { val: val("mul") });
  return builder.finish("product", "X(i,j) = B(i,j) * C(i,j)", { B: compressed, C: compressed, X: compressed });
}

/** The lower triangle of B; rows that lose all they have stay. */
function masked(): SamGraph {
  const builder = new GraphBuilder();
  scan(builder, "B");
  const given = { outer: crd("B-i"), inner: crd("B-j"), ref: ref("B-j") };
  builder.add("mask", { type: "mask", outer: "i", inner: "j", keep: "lower" }, given);
  builder.add("values", { type: "array", tensor: "B" }, { ref: ref("mask") });
  builder.add("write-i", writer(0, "i"), { crd: crd("mask", "outer") });
  builder.add("write-j", writer(1, "j"), { crd: crd("mask", "inner") });
  builder.add("write-values", { type: "write-values", tensor: "X" }, { val: val("values") });
  return builder.finish("masked", "X(i,j) = B(i,j)", { B: compressed, X: compressed });
}

const rows = 4;
const columns = 40;
const cells = fc
  .array(fc.tuple(fc.nat(rows - 1), fc.nat(columns - 1), fc.integer({ min: 1, max: 9 })), { maxLength: 30 })
  .map((entries) => {
    const array = new Array<number>(rows * columns).fill(0);
    for (const [row, column, value] of entries) array[row * columns + column] = value;
    return array;
  });

/** The result, whose entries are those of evaluation, and which is stored alike in both profiles and memories. */
function resultOf(graph: SamGraph, operands: Record<string, Tensor>): Tensor {
  const evaluated = unpack(evaluateSam(graph, operands).X!);
  const { X } = simulateSam(graph, operands).outputs;
  expect(unpack(X!)).toEqual(evaluated);
  for (const profile of ["comal", "sam-sync"] as const) {
    for (const memory of ["none", "hbm-burst"] as const) {
      const { report, outputs } = simulateSam(graph, operands, { profile, memory });
      expect(report.deadlock).toBe(null);
      expect(outputs.X).toEqual(X);
    }
  }
  return X!;
}

const graphs = { packed: packed(), copied: copied(), split: split(7), product: product(), masked: masked() };

describe.each(Object.entries(graphs))("the graph %s", (_, graph) => {
  test("is valid, and the same after being written as a .gv and as a JSON file", () => {
    expect(validateGraph(graph)).toEqual([]);
    expect(readGraphviz({ name: "g.gv", text: printGraphviz(graph) }).graph).toEqual(graph);
    expect(readGraphJson({ name: "g.json", text: printGraphJson(graph) }).graph).toEqual(graph);
  });
});

test("coordinates packed into bits and bits read from a level store the same tensor", () => {
  fc.assert(
    fc.property(cells, (values) => {
      const B = store([rows, columns], values, "ss");
      const X = resultOf(graphs.packed, { B });
      expect(X.levels[1]!.kind).toBe("bitvector");
      expect([...unpack(X).values]).toEqual(values.filter((value) => value !== 0));
      const copy = resultOf(graphs.copied, { B: store([rows, columns], values, "sb"), C: B });
      expect(dense(copy)).toEqual(values);
    }),
    { seed: 41, numRuns: 100 },
  );
});

test("a split level holds each coordinate under the number of its chunk", () => {
  fc.assert(
    fc.property(cells, (values) => {
      const B = store([rows, columns], values, "ss");
      const { coordinates, values: stored } = unpack(resultOf(graphs.split, { B }));
      const original = unpack(B);
      expect(stored).toEqual(original.values);
      const [row, chunk, column] = coordinates as readonly [Int32Array, Int32Array, Int32Array];
      expect([row, column]).toEqual(original.coordinates);
      expect([...chunk]).toEqual([...column].map((coordinate) => Math.floor(coordinate / 7)));
    }),
    { seed: 42, numRuns: 100 },
  );
});

test("a mask takes coordinates out and leaves the rows they stood in", () => {
  fc.assert(
    fc.property(cells, (values) => {
      const B = store([rows, columns], values, "ss");
      const X = resultOf(graphs.masked, { B });
      expect(dense(X)).toEqual(values.map((value, k) => (k % columns <= Math.floor(k / columns) ? value : 0)));
      expect(X.levels[0]).toEqual(B.levels[0]);
    }),
    { seed: 44, numRuns: 100 },
  );
});

test("fibres without anything in common leave neither a coordinate nor a stop", () => {
  fc.assert(
    fc.property(cells, cells, (b, c) => {
      const X = resultOf(graphs.product, { B: store([rows, columns], b, "ss"), C: store([rows, columns], c, "ss") });
      const [outer] = X.levels;
      const filled = Array.from({ length: rows }, (_, row) => row).filter((row) =>
        b.slice(row * columns, (row + 1) * columns).some((value, k) => value * c[row * columns + k]! !== 0),
      );
      expect(outer?.kind === "compressed" && [...outer.coordinates]).toEqual(filled);
      expect(dense(X)).toEqual(b.map((value, k) => value * c[k]!));
    }),
    { seed: 43, numRuns: 100 },
  );
});
