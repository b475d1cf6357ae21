import { expect, test } from "vitest";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { simulateProgram } from "../../src/compile/simulate-program.ts";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import { configurationKey, configurations } from "../../src/explore/configuration.ts";
import { type ExplorationSubject, type Explored, Explorer } from "../../src/explore/explorer.ts";
import { figuresOf } from "../../src/explore/figures.ts";
import { orderCounts } from "../../src/explore/order-counts.ts";
import { redrawnInput } from "../../src/explore/redrawn-input.ts";
import { gcn } from "../../src/models/gcn.ts";
import { graphSage } from "../../src/models/graph-sage.ts";
import { modelCases } from "../support/library-models.ts";

const { model, operands } = modelCases.find(({ name }) => name === "gcn")!;
const drawn = { ...operands, A: redrawnInput(operands.A!, { pattern: "power-law", density: 0.1, seed: 1 }) };
const subject: ExplorationSubject = {
  program: model.program,
  divisions: model.regions,
  data: { given: operands, "power-law:0.1": drawn },
};
const points = configurations({
  data: Object.keys(subject.data),
  granularities: ["unfused", "partial", "full"],
  orders: 1,
  lanes: [[1], [2], [2, 2]],
  blocks: [1, 4],
});
const explorer = new Explorer(subject);
const explored = points.map((point) => explorer.explore(point)!);
const rowsOf = (name: string) => figuresOf(explored, subject).find((figure) => figure.name === name)!.rows;
const found = (key: string): Explored => explored.find((each) => configurationKey(each) === key)!;

test("every point has a key of its own and agrees with the dense reference", () => {
  expect(new Set(points.map(configurationKey)).size).toBe(36);
  expect(explored.map(({ checked }) => checked)).toEqual(explored.map(() => true));
});

test("a point costs what its regions cost, and what the same schedule costs by itself", () => {
  const point = found("given partial 0 1 b1");
  const stored = new Map(Object.entries(operands).map(([name, tensor]) => [name, storedTensor(tensor)]));
  const compiled = compileProgram(model.program, { schedule: { regions: model.regions.partial }, stored });
  const run = simulateProgram(compiled, operands);
  expect(point.cycles).toBe(run.cycles);
  expect(point.regions.map(({ cycles }) => cycles)).toEqual(run.regions.map(({ cycles }) => cycles));
  expect(point.regions[0]!.loops).toEqual(["i", "k", "l", "j"]);
  expect(found("given partial 0 2x2 b1").cycles!).toBeLessThan(point.cycles!);
});

test("tiles of a sparse model are other points, with the same values", () => {
  const rows = rowsOf("blocks");
  expect(rows.map(({ block }) => block)).toEqual([1, 4, 1, 4, 1, 4]);
  for (const { granularity, cycles, speedUp } of rows)
    expect(speedUp).toBe(found(`given ${granularity} 0 1 b1`).cycles! / (cycles as number));
});

test("an order that no region has is no point", () => {
  expect(explorer.explore({ data: "given", granularity: "partial", order: 7, lanes: [1], block: 1 })).toBeNull();
});

test("speed-ups are over the unfused model on the same data", () => {
  const rows = rowsOf("fusion");
  expect(rows).toHaveLength(6);
  for (const { data, granularity, cycles, speedUp } of rows) {
    expect(cycles).toBe(found(`${data} ${granularity} 0 1 b1`).cycles);
    expect(speedUp).toBe(found(`${data} unfused 0 1 b1`).cycles! / (cycles as number));
  }
});

test("fusing one layer alone costs that layer fused and the statements of the other one", () => {
  const row = rowsOf("work").find(({ fused }) => fused === "only layer2")!;
  const regions = model.regions.unfused.map((region) => region);
  const mixed = [...regions.slice(0, 4), model.regions.partial[1]!];
  const alone = new Explorer({ ...subject, divisions: { mixed } });
  const point = alone.explore({ data: "given", granularity: "mixed", order: 0, lanes: [1], block: 1 })!;
  expect(row.flops).toBe(point.flops);
  expect(row.elements).toBe(point.bytes / 4);
});

test.each(["uniform", "power-law", "block-diagonal"] as const)("%s entries have the density asked for", (pattern) => {
  for (const density of [0.025, 0.1, 0.5]) {
    const { shape, values, format } = redrawnInput(operands.A!, { pattern, density, seed: 3 });
    expect(shape).toEqual(operands.A!.shape);
    expect(format).toEqual(operands.A!.format);
    expect(values.length / (shape[0]! * shape[1]!)).toBeCloseTo(density, 2);
  }
});

// Table 4 of the paper: 6.3e7 orders of a GCN of two layers as written, 1.1e3 of a GraphSAGE.
test("two-layer models have the numbers of orders of the paper's table 4", () => {
  const sizes = { nodes: 40, features: 20, hidden: 8, classes: 4 };
  const counts = ({ program, regions }: ReturnType<typeof gcn>) => {
    const { tensors } = compileProgram(program, { schedule: { regions: regions.full } });
    return orderCounts(program, regions.full, tensors)[0]!;
  };
  expect(counts(gcn(sizes))).toMatchObject({
    loops: 18,
    unconstrained: "63063000",
    constrained: "63063000",
    merged: "1",
  });
  expect(counts(graphSage(sizes))).toMatchObject({ loops: 38, unconstrained: null, merged: "1134" });
});
