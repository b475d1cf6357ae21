import { expect, test } from "vitest";
import { Explorer } from "../../src/explore/explorer.ts";
import { evaluate, searchSpace } from "../../src/explore/search-space.ts";
import { randomOperands } from "../../src/models/operands.ts";
import { parseProgram } from "../../src/program/parse-program.ts";
import { modelCases } from "../support/library-models.ts";

const { model, operands } = modelCases.find(({ name }) => name === "graphsage")!;
const subject = { program: model.program, divisions: model.regions, data: { given: operands } };
const explorer = new Explorer(subject);

test("the space has every granularity, orders by number, and lanes by powers of two", () => {
  const { input_parameters: parameters } = searchSpace(subject, { orders: 3, lanes: 8 });
  expect(parameters.granularity.values).toEqual(["unfused", "partial", "full"]);
  expect(parameters.order.values).toEqual([0, 1, 2]);
  expect(parameters.inner_lanes.values).toEqual([1, 2, 4, 8]);
  for (const parameter of Object.values(parameters)) expect(parameter.values).toContain(parameter.parameter_default);
});

test("a configuration comes to the cycles and blocks of its point, in another loop order too", () => {
  const text = "input A(9,9): ss\ninput X(9,8): ss10\ninput W(8,7): ss\nT(i,l)=A(i,k)*X(k,l)\nY(i,j)=T(i,l)*W(l,j)";
  const program = parseProgram(text);
  const divisions = { whole: [{ name: "chain", tensors: ["T", "Y"] }] };
  const chain = new Explorer({ program, divisions, data: { drawn: randomOperands(program, { seed: 2 }) } });
  const results = [0, 1, 2].map((order) => {
    const explored = chain.explore({ data: "drawn", granularity: "whole", order, lanes: [2], block: 1 })!;
    const found = evaluate(chain, "drawn", { granularity: "whole", order, lanes: 2, inner_lanes: 1, block: 1 });
    expect(found).toEqual({ feasible: true, cycles: explored.cycles, blocks: explored.nodes });
    return explored.regions[0]!.loops.join("");
  });
  expect(new Set(results).size).toBe(3);
});

test("an order that no region has is not feasible", () => {
  const point = { granularity: "partial", order: 40, lanes: 1, inner_lanes: 1, block: 1 };
  expect(evaluate(explorer, "given", point)).toEqual({ feasible: false, reason: "no region has 41 loop orders" });
});
