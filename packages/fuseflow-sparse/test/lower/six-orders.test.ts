import { describe, expect, test } from "vitest";
import { lowerExpression } from "../../src/lower/lower-expression.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { samCases } from "../support/reference-data.ts";

const cases = samCases();
const cycles = new Map<string, number>();

describe.each(["ijk", "ikj", "jik", "jki", "kij", "kji"])("a product in the order %s", (order) => {
  const names = [...cases.keys()].filter((name) => name.startsWith(`matmul_${order}--`));

  test.each(names)("%s takes no more blocks than the hand-wired graph, and at most 2 %% or 4 cycles longer", (name) => {
    const { graph: wired, operands, expected } = cases.get(name)!;
    const formats = Object.fromEntries(
      Object.entries(operands).map(([tensor, { format }]) => {
        const letters = format.levels.map(({ kind }) => (kind === "dense" ? "d" : "s")).join("");
        return [tensor, `${letters}${format.modeOrder.join("")}`];
      }),
    );
    const [B, C] = Object.keys(operands);
    const { graph } = lowerExpression(`X(i,j) = ${B}(i,k) * ${C}(k,j)`, { formats, order: [...order] });
    const { report } = simulateSam(graph, operands, { profile: "sam-sync" });
    cycles.set(name, report.cycles);
    expect(graph.blocks.length).toBeLessThanOrEqual(wired.blocks.length);
    // Of a run of 60 cycles, filling the pipeline once is more than 2 %.
    expect(report.cycles).toBeLessThanOrEqual(Math.max(1.02 * expected.cycles, expected.cycles + 4));
  });
});

test("a product by rows takes a seventh of the time of one by inner products, which meets every pair of them", () => {
  expect(cycles.get("matmul_ijk--small")).toBe(2709);
  expect(cycles.get("matmul_ikj--small")! * 7).toBeLessThanOrEqual(2709);
});
