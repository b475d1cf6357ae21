import { pack, spread, type Tensor, uniformTensor, unpack } from "@millrace/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateSam } from "../../src/evaluate/evaluate-sam.ts";
import { connectBlocks } from "../../src/sam/connect-blocks.ts";
import type { SamBlock, SamGraph, StreamKind } from "../../src/sam/graph.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { comalRuns } from "../support/reference-data.ts";

const levels = (count: number) => Array.from({ length: count }, () => ({ kind: "compressed" as const }));
const random = (shape: number[], entries: number, seed: number): Tensor =>
  pack(uniformTensor({ shape, entries, seed, values: "quarters" }), {
    levels: levels(shape.length),
    modeOrder: shape.map((_, mode) => mode),
  });

/** Copies a tensor of three levels, with everything below level `dealt` on `ways` lanes. */
function copyInLanes(ways: number, dealt: 0 | 1): SamGraph {
  const lanes = Array.from({ length: ways }, (_, lane) => lane);
  const blocks: SamBlock[] = [{ id: "root", type: "root", tensor: "T" }];
  const scanner = (id: string, level: number): SamBlock => ({
    id,
    type: "scanner",
    tensor: "T",
    level,
    index: `i${level}`,
    format: "compressed",
  });
  const streams: [StreamKind, string, string][] = [["ref", "root.ref", "scan0.ref"]];
  for (let level = 0; level <= dealt; level++) {
    blocks.push(scanner(`scan${level}`, level));
    streams.push(["crd", `scan${level}.crd`, `write${level}.crd`]);
    if (level < dealt) streams.push(["ref", `scan${level}.ref`, `scan${level + 1}.ref`]);
  }
  blocks.push({ id: "fork", type: "fork", stream: "ref", ways });
  streams.push(["ref", `scan${dealt}.ref`, "fork.in"]);
  for (const lane of lanes) {
    let above = `fork.out${lane}`;
    for (let level = dealt + 1; level < 3; level++) {
      blocks.push(scanner(`scan${level}-${lane}`, level));
      streams.push(
        ["ref", above, `scan${level}-${lane}.ref`],
        ["crd", `scan${level}-${lane}.crd`, `join${level}.in${lane}`],
      );
      above = `scan${level}-${lane}.ref`;
    }
    blocks.push({ id: `load-${lane}`, type: "array", tensor: "T" });
    streams.push(["ref", above, `load-${lane}.ref`], ["val", `load-${lane}.val`, `join-values.in${lane}`]);
  }
  for (let level = dealt + 1; level < 3; level++) {
    blocks.push({ id: `join${level}`, type: "join", stream: "crd", ways });
    streams.push(["crd", `join${level}.out`, `write${level}.crd`]);
  }
  blocks.push(
    { id: "join-values", type: "join", stream: "val", ways },
    { id: "values", type: "write-values", tensor: "X" },
  );
  streams.push(["val", "join-values.out", "values.val"]);
  for (let level = 0; level < 3; level++) {
    blocks.push({
      id: `write${level}`,
      type: "write-level",
      tensor: "X",
      level,
      index: `i${level}`,
      format: "compressed",
      mergeEmptyFibers: false,
    });
  }
  const port = (text: string): { block: string; port: string } => {
    const dot = text.lastIndexOf(".");
    return { block: text.slice(0, dot), port: text.slice(dot + 1) };
  };
  const storage = { levels: ["compressed", "compressed", "compressed"] as const, modeOrder: [0, 1, 2] };
  const connected = connectBlocks(
    blocks,
    streams.map(([kind, from, to]) => ({ kind, from: port(from), to: port(to) })),
  );
  return { name: "copy", tensors: { T: storage, X: storage }, ...connected };
}

test("lanes with uneven shares give the whole tensor, whatever level is dealt", () => {
  const setting = {
    ways: fc.integer({ min: 1, max: 4 }),
    dealt: fc.constantFrom(0, 1),
    entries: fc.integer({ min: 1, max: 20 }),
    seed: fc.nat(1000),
    profile: fc.constantFrom("comal", "sam-sync"),
    fifo: fc.constantFrom(undefined, 8),
  } as const;
  fc.assert(
    fc.property(fc.record(setting), ({ ways, dealt, entries, seed, profile, fifo }) => {
      const T = random([4, 5, 3], entries, seed);
      const options = { profile, ...(fifo === undefined ? {} : { fifo }) } as const;
      const { report, outputs } = simulateSam(copyInLanes(ways, dealt as 0 | 1), { T }, options);
      expect(report.deadlock).toBe(null);
      expect(outputs.X).toEqual(T);
      expect(evaluateSam(copyInLanes(ways, dealt as 0 | 1), { T }).X).toEqual(T);
    }),
    { seed: 41, numRuns: 200 },
  );
});

test("a product on two lanes is right for rows of any length, empty ones too", () => {
  const { graph } = comalRuns().get("spmm_ikj_par2--n16")!;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(1000),
      (first, second, seed) => {
        const operands = { B: random([7, 7], first, seed), C: random([7, 7], second, seed + 1) };
        const output = Object.values(simulateSam(graph, operands).outputs)[0]!;
        expect([...spread(unpack(output)).values]).toEqual(product(operands.B, operands.C));
      },
    ),
    { seed: 42, numRuns: 150 },
  );
});

function product(a: Tensor, b: Tensor): number[] {
  const [left, right] = [spread(unpack(a)).values, spread(unpack(b)).values];
  const n = 7;
  const cell = (row: number, column: number): number => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += left[row * n + k]! * right[k * n + column]!;
    return sum;
  };
  return Array.from({ length: n * n }, (_, place) => cell(Math.floor(place / n), place % n));
}

test("a join of streams that no fork dealt is refused", () => {
  const graph = copyInLanes(2, 0);
  const edges = graph.edges.map((edge) =>
    edge.to.block === "scan1-1" ? { ...edge, from: { block: "other", port: "ref" } } : edge,
  );
  const blocks: SamBlock[] = [...graph.blocks, { id: "other", type: "root", tensor: "T" }];
  expect(() => simulateSam({ ...graph, blocks, edges }, { T: random([4, 5, 3], 5, 1) })).toThrow(
    /the 2 lanes of join \S+ were not dealt by one fork/,
  );
});
