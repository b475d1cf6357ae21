import { coordinateList, pack, type Tensor } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { FuseflowError } from "../../src/errors.ts";
import { lowerExpression } from "../../src/lower/lower-expression.ts";
import type { SamBlock, SamEdge, SamGraph, StreamKind } from "../../src/sam/graph.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { store } from "../support/random-programs.ts";

function edge(kind: StreamKind, from: string, to: string): SamEdge {
  const [fromBlock, fromPort] = from.split(".") as [string, string];
  const [toBlock, toPort] = to.split(".") as [string, string];
  const ends = { from: { block: fromBlock, port: fromPort }, to: { block: toBlock, port: toPort } };
  return { id: `${from}->${to}`, kind, ...ends };
}

const vector = (n: number): Tensor =>
  pack(
    coordinateList(
      [n],
      Array.from({ length: n }, (_, i) => [i, 1]),
    ),
    { levels: [{ kind: "compressed" }], modeOrder: [0] },
  );

/**
 * x minus its sum: the sum is known only at the end of the fibre, so the values themselves must wait that long in the
 * queue beside the reducer.
 */
const scanned: readonly SamBlock[] = [
  { id: "root", type: "root", tensor: "x" },
  { id: "scan", type: "scanner", tensor: "x", level: 0, index: "i", format: "compressed" },
  { id: "load", type: "array", tensor: "x" },
  { id: "copy", type: "broadcast", stream: "val", ways: 2 },
  { id: "shape", type: "broadcast", stream: "crd", ways: 2 },
  { id: "sum", type: "reduce", operation: "add" },
  { id: "signal", type: "repsiggen", index: "i" },
  { id: "spread", type: "repeat", index: "i", tensor: "x", root: false, of: "val" },
  { id: "minus", type: "alu", operation: "sub" },
  {
    id: "coordinates",
    type: "write-level",
    tensor: "y",
    level: 0,
    index: "i",
    format: "compressed",
    mergeEmptyFibers: false,
  },
  { id: "values", type: "write-values", tensor: "y" },
];
const diamond: SamGraph = {
  name: "diamond",
  tensors: { x: { levels: ["compressed"], modeOrder: [0] }, y: { levels: ["compressed"], modeOrder: [0] } },
  blocks: scanned,
  edges: [
    edge("ref", "root.ref", "scan.ref"),
    edge("ref", "scan.ref", "load.ref"),
    edge("crd", "scan.crd", "shape.in"),
    edge("crd", "shape.out0", "coordinates.crd"),
    edge("crd", "shape.out1", "signal.crd"),
    edge("val", "load.val", "copy.in"),
    edge("val", "copy.out0", "sum.val"),
    edge("val", "copy.out1", "minus.val0"),
    edge("val", "sum.val", "spread.ref"),
    edge("repsig", "signal.repsig", "spread.repsig"),
    edge("val", "spread.ref", "minus.val1"),
    edge("val", "minus.val", "values.val"),
  ],
};

describe.each(["comal", "sam-sync"] as const)("a diamond with a queue too short, in profile %s", (profile) => {
  const operands = { x: vector(20) };

  test("runs with unbounded queues", () => {
    const { report, outputs } = simulateSam(diamond, operands, { profile });
    expect(report.deadlock).toBe(null);
    expect([...outputs.y!.values]).toEqual(new Array(20).fill(-19));
  });

  test("ends as a deadlock that names blocks, full channels and the freeing depth", () => {
    const { report, outputs } = simulateSam(diamond, operands, { profile, fifo: 3 });
    const { deadlock } = report;
    expect(outputs).toEqual({});
    expect(deadlock?.kind).toBe("wait-cycle");
    expect(deadlock?.cycle.map(({ node }) => node)).toContain("minus");
    const full = deadlock!.cycle.filter(({ waitsFor }) => waitsFor === "slot").map(({ channel }) => channel);
    expect(full.length).toBeGreaterThan(0);
    expect(deadlock!.channels).toEqual(expect.arrayContaining(full));
    for (const { node, owedBy } of deadlock!.cycle) {
      for (const id of [node, owedBy]) expect(scanned.map((block) => block.id)).toContain(id);
    }
    const { capacity } = deadlock!;
    expect(simulateSam(diamond, operands, { profile, fifo: capacity! }).report.deadlock).toBe(null);
    expect(simulateSam(diamond, operands, { profile, fifo: capacity! - 1 }).report.deadlock).not.toBe(null);
  });

  test("reports queues of the depth asked for, under the ids of edges and blocks", () => {
    const { report } = simulateSam(diamond, operands, { profile, fifo: 64 });
    expect(new Set(report.channels.map(({ capacity }) => capacity))).toEqual(new Set([64]));
    const ids = new Set(diamond.edges.map(({ id }) => id));
    for (const { id } of report.channels) expect(ids).toContain(id);
    for (const node of report.nodes) expect(node.busy + node.starved + node.blocked).toBe(node.cycles);
  });
});

describe("inconsistent streams", () => {
  const operands = { x: vector(4), z: store([2, 2], [1, 2, 0, 3], "ss") };
  const mixed: SamGraph = {
    ...diamond,
    tensors: { ...diamond.tensors, z: { levels: ["compressed", "compressed"], modeOrder: [0, 1] } },
    blocks: [
      ...scanned.filter(({ id }) => !["copy", "sum", "signal", "spread", "shape"].includes(id)),
      { id: "rootZ", type: "root", tensor: "z" },
      { id: "rows", type: "scanner", tensor: "z", level: 0, index: "i", format: "compressed" },
      { id: "columns", type: "scanner", tensor: "z", level: 1, index: "j", format: "compressed" },
      { id: "loadZ", type: "array", tensor: "z" },
    ],
    edges: [
      edge("ref", "root.ref", "scan.ref"),
      edge("ref", "scan.ref", "load.ref"),
      edge("crd", "scan.crd", "coordinates.crd"),
      edge("val", "load.val", "minus.val0"),
      edge("ref", "rootZ.ref", "rows.ref"),
      edge("ref", "rows.ref", "columns.ref"),
      edge("ref", "columns.ref", "loadZ.ref"),
      edge("val", "loadZ.val", "minus.val1"),
      edge("val", "minus.val", "values.val"),
    ],
  };

  test.each(["comal", "sam-sync"] as const)(
    "end as an error that names block, ports and both tokens, in profile %s",
    (profile) => {
      const run = (): unknown => simulateSam(mixed, operands, { profile });
      expect(run).toThrow(FuseflowError);
      expect(run).toThrow(
        "block minus got 1 at port val0 together with S0 at port val1: stops and ends of the two streams must line up",
      );
    },
  );

  test("a reference outside of an operand is an error with its place", () => {
    const { graph } = lowerExpression("y(i) = x(i) * z(i)");
    const short = { ...operands, z: vector(4) };
    const broken: Tensor = { ...short.z, values: short.z.values.slice(0, 2) };
    expect(() => simulateSam(graph, { x: short.x, z: broken })).toThrow(
      /got reference 2 at port ref, but the value array has 2 positions/,
    );
  });

  test("a missing operand, a wrong format and a wrong depth are named", () => {
    const { graph } = lowerExpression("y(i) = x(i) * z(i)");
    expect(() => simulateSam(graph, { x: vector(4) })).toThrow(/reads tensor z, which is not among the operands \(x\)/);
    expect(() => simulateSam(graph, { x: vector(4), z: store([4], [1, 2, 3, 4], "d") })).toThrow(
      /takes level 0 of tensor z as compressed, but the operand stores it as dense/,
    );
    expect(() => simulateSam(graph, { x: vector(4), z: vector(4) }, { fifo: 0 })).toThrow(
      "fifo must be an integer of at least 1, not 0",
    );
  });
});
