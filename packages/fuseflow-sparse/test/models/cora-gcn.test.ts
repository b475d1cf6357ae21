import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  type CoordinateList,
  type Level,
  pack,
  parseFormat,
  readTensorFile,
  type Tensor,
  uniformTensor,
} from "@millrace/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { type CompiledProgram, compileProgram } from "../../src/compile/compile-program.ts";
import { type ProgramRun, simulateProgram } from "../../src/compile/simulate-program.ts";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import { estimateProgram } from "../../src/heuristic/estimate-program.ts";
import { gcn } from "../../src/models/gcn.ts";
import type { Granularity, LibraryModel } from "../../src/models/model.ts";
import { compareOutputs } from "../../src/program/evaluate/compare-outputs.ts";
import { evaluateProgram } from "../../src/program/evaluate/evaluate-program.ts";

const HIDDEN = 16;
const CLASSES = 7;

async function example(name: string): Promise<CoordinateList> {
  const file = new URL(`../../../../examples/data/${name}.mtx.gz`, import.meta.url);
  return (await readTensorFile(gunzipSync(readFileSync(file)), { name: `${name}.mtx` })).list;
}

const packed = (list: CoordinateList, format: string): Tensor =>
  pack(list, parseFormat(format, list.shape.length), { valueType: "float64" });
const drawn = (shape: readonly number[], entries: number, format: string): Tensor =>
  packed(uniformTensor({ shape, entries, seed: 5, values: "quarters" }), format);
const full = (rows: number, columns: number): Tensor => drawn([rows, columns], rows * columns, "dd");

function weights(features: number, entries: number): Record<string, Tensor> {
  return {
    W1: drawn([features, HIDDEN], entries, "ss"),
    b1: drawn([HIDDEN], HIDDEN, "d"),
    W2: drawn([HIDDEN, CLASSES], 55, "ss"),
    b2: drawn([CLASSES], CLASSES, "d"),
  };
}

function compiled(
  { program, regions }: LibraryModel,
  operands: Record<string, Tensor>,
  { granularity, results }: { granularity: Granularity; results: "auto" | "compressed" },
): CompiledProgram {
  const stored = new Map(Object.entries(operands).map(([name, tensor]) => [name, storedTensor(tensor)]));
  return compileProgram(program, { schedule: { regions: regions[granularity], results }, stored });
}

let links: CoordinateList;
let words: CoordinateList;
beforeAll(async () => {
  [links, words] = [await example("cora"), await example("cora-features")];
});

// Cycles of the public compiler's graphs in its simulator, piece by piece; weights have as many entries, drawn anew.
const unfused = [7_336_035, 3_883_303, 46_046, 46_042, 7_336_010, 158_202, 21_674, 21_695];

describe("a GCN on Cora with features stored sparse", () => {
  const run = (granularity: "unfused" | "partial"): ProgramRun => {
    const [nodes, features] = words.shape as [number, number];
    const model = gcn({ nodes, features, hidden: HIDDEN, classes: CLASSES });
    const operands = { A: packed(links, "ss"), X: packed(words, "ss"), ...weights(features, 11_452) };
    const result = simulateProgram(compiled(model, operands, { granularity, results: "compressed" }), operands);
    expect(compareOutputs(model.program, evaluateProgram(model.program, operands), result.tensors).agrees).toBe(true);
    return result;
  };

  test("takes the recorded cycles kernel by kernel, 18.8 million in all", () => {
    const { regions, cycles } = run("unfused");
    for (const [at, region] of regions.entries()) {
      // Recorded on a first layer whose zeros were not stored, so that rows of it were shorter.
      if (region.name !== "linear2") expect(Math.abs(region.cycles / unfused[at]! - 1)).toBeLessThan(0.02);
    }
    expect(Math.abs(cycles / 18_849_007 - 1)).toBeLessThan(0.02);
  }, 600_000);

  test("takes the recorded 14.7 million cycles layer by layer", () => {
    expect(Math.abs(run("partial").cycles / 14_673_558 - 1)).toBeLessThan(0.02);
  }, 600_000);
});

/** Links without those of papers to themselves. */
function withoutLoops({ shape, coordinates, values }: CoordinateList): CoordinateList {
  const [rows, columns] = coordinates as [Int32Array, Int32Array];
  const kept = [...values.keys()].filter((entry) => rows[entry] !== columns[entry]);
  const of = (column: Int32Array): Int32Array => Int32Array.from(kept, (entry) => column[entry]!);
  return {
    shape,
    coordinates: [of(rows), of(columns)],
    valueType: "float64",
    values: new Float64Array(kept.length).fill(1),
  };
}

// With dense features every kernel costs its busiest stream: the entries of A times the features, the rows of Cora times
// weights and the features that have any, and for full fusion the features of all neighbours' neighbours.
describe("a GCN on Cora with features stored dense", () => {
  test("costs what its busiest stream holds, within 1 %", () => {
    const features = 32;
    const [nodes] = words.shape as [number];
    const model = gcn({
      nodes,
      features,
      hidden: HIDDEN,
      classes: CLASSES,
      formats: { adjacency: "ds", features: "dd" },
    });
    const graph = withoutLoops(links);
    const { W1, ...rest } = weights(features, 96) as Record<"W1" | "b1", Tensor>;
    const operands = { A: packed(graph, "ds"), X: full(nodes, features), W1, ...rest };
    const reference = evaluateProgram(model.program, operands);
    const cyclesOf = (granularity: Granularity): readonly number[] => {
      const result = simulateProgram(compiled(model, operands, { granularity, results: "auto" }), operands);
      expect(compareOutputs(model.program, reference, result.tensors).agrees).toBe(true);
      return result.regions.map(({ cycles }) => cycles);
    };
    const degrees = new Int32Array(nodes);
    for (const row of graph.coordinates[0]!) degrees[row]! += 1;
    const entries = graph.values.length;
    const [adjacency, linear] = cyclesOf("unfused");
    const squares = degrees.reduce((sum, degree) => sum + degree * degree, 0);
    const rows = W1.levels[0]! as Extract<Level, { kind: "compressed" }>;
    const off = (cycles: number | undefined, law: number): number => Math.abs(cycles! / law - 1);
    // A stop ends each fibre of features.
    expect(off(adjacency, entries * (features + 1) + nodes)).toBeLessThan(0.01);
    expect(off(linear, nodes * (W1.values.length + rows.coordinates.length))).toBeLessThan(0.01);
    const [layer1] = cyclesOf("partial");
    expect(off(layer1, Math.max(adjacency!, linear!))).toBeLessThan(0.01);
    expect(off(cyclesOf("full")[0], squares * (features + 1) + entries)).toBeLessThan(0.01);
  }, 600_000);

  test("is estimated within 3 % of the published cycles", () => {
    const [nodes, features] = words.shape as [number, number];
    const model = gcn({ nodes, features, hidden: HIDDEN, classes: CLASSES, formats: { features: "dd" } });
    const X = full(nodes, features);
    const estimate = (granularity: Granularity, graph: CoordinateList): number => {
      const operands = { A: packed(graph, "ss"), X, ...weights(features, 9560) };
      return estimateProgram(compiled(model, operands, { granularity, results: "auto" }), operands).cycles;
    };
    expect(Math.abs(estimate("unfused", links) / 48_998_261 - 1)).toBeLessThan(0.03);
    expect(Math.abs(estimate("partial", links) / 29_997_611 - 1)).toBeLessThan(0.03);
    expect(Math.abs(estimate("full", withoutLoops(links)) / 166_361_105 - 1)).toBeLessThan(0.03);
  }, 600_000);
});
