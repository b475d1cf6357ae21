import { parseAssignment } from "@millrace/tensor";
import { expect, test } from "vitest";
import { lowerExpression, plainGraph } from "../../../src/index.ts";

test("a graph is plain data, its parts renamed and grouped as asked, its edges between its own blocks", () => {
  const { graph } = lowerExpression(parseAssignment("y(i) = A(i,j) * x(j)"), { formats: { A: "ss" } });
  const alone = plainGraph(graph, null);
  expect(JSON.parse(JSON.stringify(alone))).toEqual(alone);
  expect(alone.nodes.map(({ kind }) => kind)).toEqual(graph.blocks.map(({ type }) => type));
  expect(alone.cycles).toBeUndefined();
  const part = plainGraph(graph, null, { prefix: "layer1.", group: "layer1" });
  const ids = new Set(part.nodes.map(({ id }) => id));
  expect(part.nodes.every(({ id, group }) => id.startsWith("layer1.") && group === "layer1")).toBe(true);
  expect(part.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
  expect(part.edges).toHaveLength(graph.edges.length);
});
