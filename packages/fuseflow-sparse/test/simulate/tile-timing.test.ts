import { pack, parseFormat, uniformTensor } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { simulateProgram } from "../../src/compile/simulate-program.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { timeOfTiles } from "../../src/timing/tile-timing.ts";
import { programOver } from "../support/compile-runs.ts";
import { compiledPrograms } from "../support/reference-data.ts";

const recorded = compiledPrograms();

describe("numbers in the time of tiles of 16", () => {
  // Cycles that Comal takes for the public compiler's graphs in its timing-only tile mode.
  test.each([
    ["extra__spmm_64", 45_372],
    ["extra__add2_union", 606],
    ["chain_karate__f_full", 40_357],
    ["gcn_karate__p1_layer1", 27_308],
  ] as const)("%s takes the recorded %i cycles", (name, cycles) => {
    const { graph, operands } = recorded.get(name)!;
    expect(simulateSam(graph, operands, { tileTiming: 16, mode: "timing" }).report.cycles).toBe(cycles);
  });

  test("one is the time of numbers", () => {
    const { graph, operands, cycles } = recorded.get("gcn_karate__p1_layer1")!;
    expect(simulateSam(graph, operands, { tileTiming: 1, mode: "timing" }).report.cycles).toBe(cycles);
  });
});

const dense = (rows: number, columns: number, seed: number) =>
  pack(
    uniformTensor({ shape: [rows, columns], entries: rows * columns, seed, values: "quarters" }),
    parseFormat("ss", 2),
  );

/** Cycles of a row of `count` tiles times a column of them. */
function cyclesOf(block: number, count: number): number {
  const operands = { A: dense(block, count * block, 1), X: dense(count * block, block, 2) };
  const program = programOver(operands, "Y(i,j) = A(i,k) * X(k,j)");
  const regions = [{ name: "y", tensors: ["Y"], order: ["i", "j", "k"] }];
  const orders = { formats: { X: "ss10" }, regions, block };
  return simulateProgram(compileProgram(program, { schedule: orders }), operands).cycles;
}

test.each([2, 4, 8, 16])("a product of tiles of %i is there after 2b - 1 cycles, and the next one b later", (b) => {
  // The streams of coordinates are those of numbers; arrays and sums take b x b cycles.
  expect(cyclesOf(b, 1) - cyclesOf(1, 1)).toBe(b * b - 1 + (2 * b - 2) + (b * b - 1));
  expect(cyclesOf(b, 40) - cyclesOf(b, 39)).toBe(b);
});

test("element-wise work follows at every cycle; a product over more axes takes as many rounds", () => {
  const alu = (axes: string) => timeOfTiles({ id: "a", type: "alu", operation: "mul", tile: { size: 8, axes } });
  expect(alu("ab,ab->ab")).toEqual({ latency: 64, interval: 1 });
  expect(alu("ab,b->a")).toEqual({ latency: 15, interval: 1 });
  expect(alu("ab,bc->ac")).toEqual({ latency: 15, interval: 8 });
  expect(alu("ab,cd->abcd")).toEqual({ latency: 4096, interval: 64 });
});

test("settings that would have no effect are refused", () => {
  const { graph, operands } = recorded.get("extra__add2_union")!;
  expect(() => simulateSam(graph, operands, { tileTiming: 16, profile: "sam-sync" })).toThrow(
    "sam-sync has no timing of tiles",
  );
  expect(() => simulateSam(graph, operands, { tileTiming: 65 })).toThrow("1 to 64");
});
