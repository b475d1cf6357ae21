import fc from "fast-check";
import { expect, test } from "vitest";
import { lowerExpression } from "../../src/index.ts";
import { brokenConstraints, firstLegalOrder, type OrderConstraint } from "../../src/lower/loop-order.ts";

const access = {
  kind: "access",
  tensor: "T",
  indices: [],
  span: { source: { name: "", text: "" }, start: 0, end: 0 },
} as const;
const variables = ["i", "j", "k", "l"];
const constraint: fc.Arbitrary<OrderConstraint> = fc
  .uniqueArray(fc.constantFrom(...variables), { minLength: 2, maxLength: 2 })
  .map(([before, after]) => ({ before: before!, after: after!, access }));

function permutations(list: readonly string[]): string[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((head, at) => permutations(list.toSpliced(at, 1)).map((rest) => [head, ...rest]));
}

test("an order is found exactly when some permutation breaks no constraint, and then it is the first such", () => {
  fc.assert(
    fc.property(fc.array(constraint, { maxLength: 6 }), (constraints) => {
      const legal = permutations(variables).filter((order) => brokenConstraints(order, constraints).length === 0);
      expect(firstLegalOrder(variables, constraints)).toEqual(legal[0] ?? null);
    }),
    { seed: 7, numRuns: 300 },
  );
});

test("without an order the loops follow the expression as far as storage allows", () => {
  expect(lowerExpression("X(i,j) = B(i,k) * C(k,j)").order).toEqual(["i", "k", "j"]);
  expect(lowerExpression("X(i,j) = B(i,k) * C(k,j)", { formats: { B: "ss10" } }).order).toEqual(["k", "i", "j"]);
});

test("a format without modes is stored in loop order, one with modes as it says", () => {
  const { graph } = lowerExpression("X(i,j) = B(i,k) * C(k,j)", {
    formats: { B: "ds", C: "ss10" },
    order: ["j", "k", "i"],
  });
  expect(graph.tensors["B"]).toEqual({ levels: ["dense", "compressed"], modeOrder: [1, 0] });
  expect(graph.tensors["C"]).toEqual({ levels: ["compressed", "compressed"], modeOrder: [1, 0] });
  expect(graph.tensors["X"]?.modeOrder).toEqual([1, 0]);
});
