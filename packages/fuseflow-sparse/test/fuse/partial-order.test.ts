import { describe, expect, test } from "vitest";
import { expandRegion } from "../../src/fuse/expand.ts";
import { countOrders, legalOrders } from "../../src/fuse/orders.ts";
import { findCycle, partialOrder } from "../../src/fuse/partial-order.ts";
import { parseProgram } from "../../src/program/parse-program.ts";

/** The partial order of all statements in one region, with every input stored by rows unless `stored` says otherwise. */
function orderOf(text: string, stored: Readonly<Record<string, readonly number[]>> = {}) {
  const program = parseProgram(text);
  const tensors = program.statements.map(({ tensor }) => tensor);
  const facts = new Map(program.inputs.map(({ name }) => [name, { modeOrder: stored[name] ?? [0, 1] }]));
  return partialOrder(expandRegion(program, { name: "all", tensors }), facts);
}

const arcsOf = ({ arcs }: ReturnType<typeof orderOf>): readonly string[] =>
  arcs.map(({ before, after, tensor }) => `${tensor}: ${before} > ${after}`).toSorted();

describe("the worked example of the paper, A = B C and E = B A in one region", () => {
  const worked =
    "input B(10, 10): ss\ninput C(10, 10): ss\nA(i,j) = B(i,k) * C(k,j)\nE(i,j) = B(i,k) * A(k,j)\noutput E";

  test("orders the loops by two views of B and one of C", () => {
    expect(arcsOf(orderOf(worked))).toEqual(["B: i > k", "B: k > k1", "C: k1 > j"]);
  });

  test("has one legal order, rows first", () => {
    expect([...legalOrders(orderOf(worked))]).toEqual([["i", "k", "k1", "j"]]);
  });

  test("has three where C is stored by columns", () => {
    expect(countOrders(orderOf(worked, { C: [1, 0] }))).toBe(3n);
  });
});

test("a cycle is told by the views along it", () => {
  const text = "input B(8, 8): ss\nE(i,j) = B(i,j) * B(j,i)";
  const cycle = findCycle(orderOf(text))!;
  expect(cycle.map(({ reason }) => reason)).toEqual([
    "B(i,j) is stored with i outside j",
    "B(j,i) is stored with j outside i",
  ]);
});
