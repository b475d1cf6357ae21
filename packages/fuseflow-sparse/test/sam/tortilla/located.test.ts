import { expect, test } from "vitest";
import { lowerExpression } from "../../../src/lower/lower-expression.ts";
import { graphToTortilla } from "../../../src/sam/tortilla/convert/from-graph.ts";
import { tortillaToGraph } from "../../../src/sam/tortilla/convert/to-graph.ts";
import { validateGraph } from "../../../src/sam/validate/validate.ts";
import { simulateSam } from "../../../src/simulate/simulate-sam.ts";
import { store } from "../../support/random-programs.ts";

const versions = ["newest", "6daaa11"] as const;
const matrix = store([3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9], "ds");
const transposed = store([3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9], "ds10");

test.each(versions)("a located level is recognised behind a union, in version %s", (version) => {
  const options = { formats: { B: "ds" }, locate: true, guides: false };
  const { graph } = lowerExpression("X(i,j) = B(i,j) * B(i,j) + B(i,j)", options);
  const read = tortillaToGraph(graphToTortilla(graph, version));
  expect(validateGraph(read).filter(({ severity }) => severity === "error")).toEqual([]);
  expect(simulateSam(read, { B: matrix }).outputs.X!.values).toEqual(Float64Array.of(2, 6, 12, 20, 30, 42, 56, 72, 90));
});

test.each(versions)("a located level of a transposed operand is its first, in version %s", (version) => {
  const options = { formats: { B: "ds", C: "ds" }, locate: true, guides: false, order: ["j", "k", "i"] };
  const { graph } = lowerExpression("X(i,j) = B(i,k) * C(k,j)", options);
  const read = tortillaToGraph(graphToTortilla(graph, version));
  expect(validateGraph(read).filter(({ severity }) => severity === "error")).toEqual([]);
  const values = (each: typeof graph) =>
    Object.values(simulateSam(each, { B: transposed, C: transposed }).outputs)[0]!.values;
  expect(values(read)).toEqual(values(graph));
});
