import { evaluateDense, pack, parseAssignment, spread, uniformTensor, unpack } from "@millrace/tensor";
import { expect, test } from "vitest";
import { lowerExpression, type SamGraph, simulateSam } from "../../src/index.ts";

const text = "X(i,j) = B(i,j) * C(i,k) * D(k,j)";
const formats = { B: "ss", C: "dd", D: "dd" };
const order = ["i", "j", "k"];

const drawn = {
  B: uniformTensor({ shape: [9, 8], entries: 20, seed: 1 }),
  C: uniformTensor({ shape: [9, 7], entries: 63, seed: 2 }),
  D: uniformTensor({ shape: [7, 8], entries: 56, seed: 3 }),
};

function scanners(graph: SamGraph): number {
  return graph.blocks.filter((block) => block.type === "scanner").length;
}

function run(locate: boolean) {
  const { graph } = lowerExpression(text, { formats, order, locate });
  const operands = Object.fromEntries(
    Object.entries(drawn).map(([name, list]) => {
      const { levels, modeOrder } = graph.tensors[name]!;
      return [name, pack(list, { levels: levels.map((kind) => ({ kind })), modeOrder })];
    }),
  );
  return { graph, ...simulateSam(graph, operands, { profile: "sam-sync" }) };
}

test("each dense level that a sparse or another dense level leads into is located instead of scanned", () => {
  const [scanned, located] = [run(false), run(true)];
  // C at i, D at j, and one of C and D at k.
  expect(scanners(scanned.graph) - scanners(located.graph)).toBe(3);
  expect(located.graph.blocks.filter((block) => block.type === "locate")).toHaveLength(3);
  expect(located.graph.blocks.length).toBeLessThan(scanned.graph.blocks.length);
});

test("locating and scanning give the same values in every row, and locating takes fewer cycles", () => {
  const dense = evaluateDense(
    parseAssignment(text),
    Object.fromEntries(
      Object.entries(drawn).map(([name, list]) => [
        name,
        { shape: list.shape, values: Float64Array.from(spread(list).values) },
      ]),
    ),
  );
  const [scanned, located] = [run(false), run(true)];
  for (const { outputs } of [scanned, located]) {
    const { values } = spread(unpack(outputs["X"]!));
    for (const [at, value] of values.entries()) expect(value).toBeCloseTo(dense.values[at]!, 12);
  }
  expect(located.report.cycles).toBeLessThan(scanned.report.cycles);
});

test("multiplications of a sampled product are those of the sample only", () => {
  const { counts } = run(true);
  // One for each entry of B and each k, and one more to weigh the sum.
  expect(counts.aluOperations).toBe(20 * 7 + 20);
});
