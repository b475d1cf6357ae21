import { expect, test } from "vitest";
import { applyToResult, lowerExpression } from "../../src/index.ts";

const { graph } = lowerExpression("y(i) = A(i,j) * x(j)");

test("an operation on the result stands between the last block and the value writer", () => {
  const applied = applyToResult(graph, "relu");
  const writer = graph.blocks.find((block) => block.type === "write-values")!;
  const before = graph.edges.find((edge) => edge.to.block === writer.id)!;
  const added = applied.blocks.filter((block) => !graph.blocks.includes(block));
  expect(added).toEqual([{ id: `relu-${writer.id}`, type: "unary", operation: "relu" }]);
  const around = applied.edges.filter((edge) => [edge.from.block, edge.to.block].includes(added[0]!.id));
  expect(around.map(({ from, to }) => [from, to])).toEqual([
    [before.from, { block: added[0]!.id, port: "val" }],
    [{ block: added[0]!.id, port: "val" }, before.to],
  ]);
  expect(applied.edges.length).toBe(graph.edges.length + 1);
});

test("operations stack, the last one nearest to the writer, and carry their constants", () => {
  const twice = applyToResult(applyToResult(graph, "scalar-mul", 2), "scalar-mul", 3);
  const added = twice.blocks.filter((block) => block.type === "unary");
  expect(added.map((block) => block.type === "unary" && block.constant)).toEqual([2, 3]);
  expect(new Set(twice.blocks.map((block) => block.id)).size).toBe(twice.blocks.length);
  expect(new Set(twice.edges.map((edge) => edge.id)).size).toBe(twice.edges.length);
});
