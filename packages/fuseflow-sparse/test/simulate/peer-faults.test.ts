/** What the recorded simulators get wrong, and must come out right here. */
import { spread, type Tensor, unpack } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { lowerExpression } from "../../src/lower/lower-expression.ts";
import { connectBlocks } from "../../src/sam/connect-blocks.ts";
import type { SamBlock, SamGraph, StreamKind } from "../../src/sam/graph.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { store } from "../support/random-programs.ts";

const dense = (tensor: Tensor): number[] => [...spread(unpack(tensor)).values];

describe.each(["comal", "sam-sync"] as const)("in profile %s", (profile) => {
  test("a sum of three levels with a whole outer fibre missing stores no spurious entry", () => {
    const { graph } = lowerExpression("X(i,j,k) = B(i,j,k) + C(i,j,k)");
    const B = store([2, 2, 2], [1, 0, 0, 2, 0, 0, 0, 0], "sss");
    const C = store([2, 2, 2], [0, 5, 0, 0, 0, 0, 7, 0], "sss");
    const { outputs } = simulateSam(graph, { B, C }, { profile });
    expect(dense(outputs.X!)).toEqual([1, 5, 0, 2, 0, 0, 7, 0]);
    expect([...outputs.X!.values]).toEqual([1, 5, 2, 7]);
  });

  test("locating in a dense level below the first finds every row", () => {
    const located = lowerExpression("X(i,j) = B(i,j) * C(i,j)", { formats: { C: "dd" }, locate: true }).graph;
    expect(located.blocks.some((block) => block.type === "locate")).toBe(true);
    const scanned = lowerExpression("X(i,j) = B(i,j) * C(i,j)", { formats: { C: "dd" } }).graph;
    const scanners = (graph: SamGraph): number => graph.blocks.filter(({ type }) => type === "scanner").length;
    expect(scanners(located)).toBeLessThan(scanners(scanned));
    const operands = {
      B: store([3, 2], [1, 2, 3, 0, 0, 6], "ss"),
      C: store([3, 2], [1, 10, 100, 1000, 10000, 100000], "dd"),
    };
    for (const graph of [located, scanned]) {
      expect(dense(simulateSam(graph, operands, { profile }).outputs.X!)).toEqual([1, 20, 300, 0, 0, 600000]);
    }
  });

  test("the maximum of a row of negative values is negative, in every row", () => {
    const { graph } = rowMaxima();
    const T = store([3, 3], [-1, -2, -3, -5, -4, -6, -9, 7, -8], "ss");
    expect([...simulateSam(graph, { T }, { profile }).outputs.x!.values]).toEqual([-1, -4, 7]);
  });
});

function rowMaxima(): { graph: SamGraph } {
  const blocks: SamBlock[] = [
    { id: "root", type: "root", tensor: "T" },
    { id: "rows", type: "scanner", tensor: "T", level: 0, index: "i", format: "compressed" },
    { id: "columns", type: "scanner", tensor: "T", level: 1, index: "j", format: "compressed" },
    { id: "load", type: "array", tensor: "T" },
    { id: "maximum", type: "reduce", operation: "max" },
    {
      id: "crd",
      type: "write-level",
      tensor: "x",
      level: 0,
      index: "i",
      format: "compressed",
      mergeEmptyFibers: false,
    },
    { id: "values", type: "write-values", tensor: "x" },
  ];
  const stream = (kind: StreamKind, from: [string, string], to: [string, string]) => ({
    kind,
    from: { block: from[0], port: from[1] },
    to: { block: to[0], port: to[1] },
  });
  const connected = connectBlocks(blocks, [
    stream("ref", ["root", "ref"], ["rows", "ref"]),
    stream("crd", ["rows", "crd"], ["crd", "crd"]),
    stream("ref", ["rows", "ref"], ["columns", "ref"]),
    stream("ref", ["columns", "ref"], ["load", "ref"]),
    stream("val", ["load", "val"], ["maximum", "val"]),
    stream("val", ["maximum", "val"], ["values", "val"]),
  ]);
  const tensors = {
    T: { levels: ["compressed", "compressed"] as const, modeOrder: [0, 1] },
    x: { levels: ["compressed"] as const, modeOrder: [0] },
  };
  return { graph: { name: "maxima", tensors, ...connected } };
}
