import { describe, expect, test } from "vitest";
import type { SamBlock, SamEdge, SamGraph, StreamKind } from "../../../src/sam/graph.ts";
import { validateGraph } from "../../../src/sam/validate/validate.ts";

/** A graph from blocks and edges written as `kind from.port to.port`. */
function graphOf(
  blocks: readonly SamBlock[],
  edges: readonly string[],
  tensors: SamGraph["tensors"] = vectors,
): SamGraph {
  return {
    name: "test",
    tensors,
    blocks,
    edges: edges.map((edge): SamEdge => {
      const [kind = "", from = "", to = ""] = edge.split(" ");
      const end = (text: string) => ({ block: text.split(".")[0] ?? "", port: text.split(".")[1] ?? "" });
      return { id: `${from}->${to}`, kind: kind as StreamKind, from: end(from), to: end(to) };
    }),
  };
}

const vectors: SamGraph["tensors"] = {
  b: { levels: ["compressed"], modeOrder: [0] },
  x: { levels: ["compressed"], modeOrder: [0] },
};
const root: SamBlock = { id: "root", type: "root", tensor: "b" };
const scan: SamBlock = { id: "scan", type: "scanner", tensor: "b", level: 0, index: "i", format: "compressed" };
const array: SamBlock = { id: "array", type: "array", tensor: "b" };
const level: SamBlock = {
  ...{ id: "level", type: "write-level", tensor: "x", level: 0, index: "i" },
  ...{ format: "compressed", mergeEmptyFibers: true },
} as SamBlock;
const values: SamBlock = { id: "values", type: "write-values", tensor: "x" };
const copy = [root, scan, array, level, values];
const copyEdges = [
  "ref root.ref scan.ref",
  "ref scan.ref array.ref",
  "crd scan.crd level.crd",
  "val array.val values.val",
];

const faultsOf = (graph: SamGraph): string[] => validateGraph(graph).map(({ code, message }) => `${code}: ${message}`);

test("a copy of a vector has no fault", () => {
  expect(faultsOf(graphOf(copy, copyEdges))).toEqual([]);
});

describe("connections", () => {
  test("ids are unique", () => {
    expect(faultsOf(graphOf([...copy, values], copyEdges))).toEqual(["id-repeated: two blocks have the id values"]);
  });

  test("edges end at blocks that exist and at ports that they have", () => {
    expect(faultsOf(graphOf(copy, [...copyEdges, "crd scan.coord nowhere.crd"]))).toEqual([
      "port-unknown: scan (scanner) has no output 'coord'",
      "block-missing: edge scan.coord->nowhere.crd ends at nowhere, which is no block",
    ]);
  });

  test("an output has one consumer, an input one producer", () => {
    const edges = [...copyEdges, "crd scan.crd other.crd", "val array.val values.val"];
    const found = validateGraph(graphOf([...copy, { ...level, id: "other" }], edges));
    expect(found.filter(({ code }) => code === "port-repeated").map(({ message, help }) => [message, help])).toEqual([
      ["output crd of scan (scanner) has a second edge", "put a broadcast behind it"],
      ["output val of array (array) has a second edge", "put a broadcast behind it"],
      ["input val of values (write-values) has a second edge", undefined],
    ]);
  });

  test("kinds of streams match", () => {
    const edges = copyEdges.map((edge) => (edge.startsWith("crd") ? "ref scan.crd level.crd" : edge));
    expect(faultsOf(graphOf(copy, edges))).toEqual([
      "kind-mismatch: output crd of scan (scanner) is a crd stream, the edge a ref stream",
      "kind-mismatch: input crd of level (write-level) is a crd stream, the edge a ref stream",
    ]);
  });

  test("inputs are not left open, outputs may be", () => {
    expect(faultsOf(graphOf(copy, copyEdges.slice(0, 3)))).toEqual([
      "input-unconnected: input val of values (write-values) is connected to nothing",
    ]);
    expect(faultsOf(graphOf([...copy, { ...root, id: "spare" }], copyEdges))).toEqual([]);
  });

  test("blocks do not wait for each other", () => {
    const loop: SamBlock[] = [
      { id: "a", type: "unary", operation: "exp" },
      { id: "b", type: "unary", operation: "exp" },
    ];
    expect(faultsOf(graphOf([...copy, ...loop], [...copyEdges, "val a.val b.val", "val b.val a.val"]))).toEqual([
      "cycle: blocks wait for each other in a cycle, or for one: a, b",
    ]);
  });

  test("the skip input of a galloping scanner closes no cycle", () => {
    const gallop = (id: string): SamBlock => ({ ...scan, id, gallop: true }) as SamBlock;
    const joined: SamBlock = { id: "join", type: "intersect", index: "i", arity: 2, gallop: true };
    const blocks = [root, { ...root, id: "root2" }, gallop("s0"), gallop("s1"), joined, array, level, values];
    const operands = [0, 1].flatMap((k) => [
      `ref root${k === 0 ? "" : "2"}.ref s${k}.ref`,
      `crd s${k}.crd join.crd${k}`,
      `ref s${k}.ref join.ref${k}`,
      `crd join.skip${k} s${k}.skip`,
    ]);
    const edges = [...operands, "crd join.crd level.crd", "ref join.ref0 array.ref", "val array.val values.val"];
    expect(faultsOf(graphOf(blocks, edges))).toEqual([]);
  });
});

describe("tensors", () => {
  test("tensors and levels exist, and are stored as their blocks say", () => {
    const wrong: SamBlock[] = [
      root,
      { ...scan, format: "dense" } as SamBlock,
      { ...array, tensor: "bb" } as SamBlock,
      { ...level, level: 1 } as SamBlock,
      values,
    ];
    expect(faultsOf(graphOf(wrong, copyEdges)).slice(0, 3)).toEqual([
      "level-format: scan (scanner) takes level 0 of b as dense, but it is compressed",
      "tensor-missing: array (array) names tensor 'bb', which the graph does not have",
      "level-missing: level (write-level) works on level 1 of x, which has 1",
    ]);
  });

  test("references reach the level they point into", () => {
    const tensors = { ...vectors, c: { levels: ["compressed"], modeOrder: [0] } } as const;
    expect(
      faultsOf(graphOf([root, scan, { ...array, tensor: "c" } as SamBlock, level, values], copyEdges, tensors)),
    ).toEqual(["tensor-mismatch: array (array) needs references to level 0 of c, but gets references to level 0 of b"]);
  });
});

describe("shapes", () => {
  test("a reduction needs a level to take away", () => {
    const blocks: SamBlock[] = [
      root,
      { ...array, tensor: "s" } as SamBlock,
      { id: "sum", type: "reduce", operation: "add" },
      { ...values, tensor: "y" } as SamBlock,
    ];
    const scalars = { s: { levels: [], modeOrder: [] }, y: { levels: [], modeOrder: [] } };
    const edges = ["ref root.ref array.ref", "val array.val sum.val", "val sum.val values.val"];
    const scalarRoot = { ...root, tensor: "s" } as SamBlock;
    expect(faultsOf(graphOf([scalarRoot, ...blocks.slice(1)], edges, scalars))).toEqual([
      "depth: val of sum (reduce) is not nested deep enough: 0 levels",
    ]);
  });

  test("values that were reduced once too often are too shallow for their tensor", () => {
    const edges = [...copyEdges.slice(0, 3), "val array.val sum.val", "val sum.val values.val"];
    expect(faultsOf(graphOf([...copy, { id: "sum", type: "reduce", operation: "add" }], edges))).toEqual([
      "depth: values (write-values) writes values of x and needs 1 level, but gets 0 levels",
    ]);
  });

  test("arithmetic needs values of the same loops", () => {
    const second = [root, scan, array].map((block) => ({ ...block, id: `${block.id}2` }) as SamBlock);
    const blocks = [...copy, ...second, { id: "mul", type: "alu", operation: "mul" } as const];
    const edges = [
      ...copyEdges.slice(0, 3),
      ...["ref root2.ref scan2.ref", "ref scan2.ref array2.ref"],
      ...["val array.val mul.val0", "val array2.val mul.val1", "val mul.val values.val"],
    ];
    const [fault] = validateGraph(graphOf(blocks, edges));
    expect(fault?.message).toBe("val0 and val1 of mul (alu) do not line up: 1 level (i) of different blocks");
    expect(fault?.notes?.map(({ message }) => message)).toEqual([
      "level 0 (i) is that of scan",
      "level 0 (i) is that of scan2",
    ]);
  });

  test("coordinates and values of an output are of the same points", () => {
    const drop: SamBlock = { id: "drop", type: "val-drop" };
    const fan: SamBlock[] = [
      { id: "crds", type: "broadcast", stream: "crd", ways: 2 },
      { id: "vals", type: "broadcast", stream: "val", ways: 2 },
    ];
    const edges = [
      ...copyEdges.slice(0, 2),
      ...["crd scan.crd crds.in", "crd crds.out0 drop.crd", "crd crds.out1 level.crd"],
      ...["val array.val vals.in", "val vals.out0 drop.val", "val drop.val values.val"],
    ];
    expect(faultsOf(graphOf([...copy, drop, ...fan], edges))).toEqual([
      "missing-coordinate-drop: values of x are dropped, but their coordinates are not",
    ]);
  });

  test("an output is written whole", () => {
    expect(faultsOf(graphOf([root, scan, level], copyEdges.slice(0, 1).concat("crd scan.crd level.crd")))).toEqual([
      "output-incomplete: the values of x are written by no block",
    ]);
  });

  test("a chain of scanners of any length is checked in bounded time", () => {
    const chain = Array.from({ length: 500 }, (_, k): SamBlock => ({ ...scan, id: `s${k}` }) as SamBlock);
    const edges = chain.map(({ id }, k) => `ref ${k === 0 ? "root" : `s${k - 1}`}.ref ${id}.ref`);
    const found = validateGraph(graphOf([root, ...chain], edges));
    expect(found.filter(({ code }) => code === "depth").map(({ message }) => message)).toEqual([
      "s64 (scanner) nests deeper than 64 levels",
    ]);
  });
});
