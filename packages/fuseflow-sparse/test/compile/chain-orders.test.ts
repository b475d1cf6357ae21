import { convert, parseFormat } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import { expandRegion } from "../../src/fuse/expand.ts";
import { independenceOf } from "../../src/fuse/independence.ts";
import { countOrders, legalOrders } from "../../src/fuse/orders.ts";
import { partialOrder } from "../../src/fuse/partial-order.ts";
import { estimateProgram } from "../../src/heuristic/estimate-program.ts";
import { checkedRun, programOver } from "../support/compile-runs.ts";
import { compiledPrograms } from "../support/reference-data.ts";

// Orders with recorded cycles, by the mode orders of A, X and W.
const recorded: Readonly<Record<string, number>> = {
  "01 01 01 iklj": 2546,
  "01 01 10 jikl": 39_401,
  "01 10 01 ilkj": 9868,
  "01 10 01 likj": 10_991,
  "01 10 10 ijlk": 40_860,
  "01 10 10 jilk": 40_450,
  "10 10 01 ljki": 5497,
};
const counts: Readonly<Record<string, number>> = {
  "01 01 01": 1,
  "01 01 10": 3,
  "01 10 01": 5,
  "01 10 10": 3,
  "10 01 01": 3,
  "10 01 10": 5,
  "10 10 01": 3,
  "10 10 10": 1,
};
const plain = compiledPrograms().get("chain_karate__f_full")!.inputs;
const cycles = new Map<string, number>();
const estimates = new Map<string, number>();

describe.each(Object.entries(counts))("two products with the mode orders %s", (storage, count) => {
  const formats = storage.split(" ");
  const inputs = Object.fromEntries(
    Object.entries(plain).map(([name, tensor], at) => [name, convert(tensor, parseFormat(`ss${formats[at]}`, 2))]),
  );
  const program = programOver(inputs, "T(i,l)=A(i,k)*X(k,l)\nY(i,j)=T(i,l)*W(l,j)");
  const region = { name: "chain", tensors: ["T", "Y"] };
  const stored = new Map(Object.entries(inputs).map(([name, { format }]) => [name, format]));
  const fused = expandRegion(program, region);
  const partial = partialOrder(fused, stored);
  const orders = [...legalOrders(partial)];

  test("have the recorded number of legal orders", () => {
    expect(countOrders(partial)).toBe(BigInt(count));
    expect(orders).toHaveLength(count);
  });

  test.each(orders)("give the dense result in the order %s, %s, %s, %s", (...order) => {
    const { run, error } = checkedRun(program, inputs, { regions: [{ ...region, order }], results: "compressed" });
    expect(error).toBeLessThan(1e-9);
    const key = `${storage} ${order.join("")}`;
    cycles.set(key, run.cycles);
    const facts = new Map(Object.entries(inputs).map(([name, tensor]) => [name, storedTensor(tensor)]));
    const schedule = { regions: [{ ...region, order }], results: "compressed" } as const;
    estimates.set(key, estimateProgram(compileProgram(program, { schedule, stored: facts }), inputs).cycles);
    const reference = recorded[key];
    if (reference !== undefined) expect(run.cycles / reference).toBeLessThanOrEqual(1.05);
  });

  test("are in fewer classes than orders where loops are independent", () => {
    const distinct = [...legalOrders(partial, independenceOf(fused))];
    expect(distinct.length).toBeLessThanOrEqual(count);
    for (const order of distinct) expect(orders).toContainEqual(order);
  });
});

test("row by row is best, and the worst of 24 orders is ten times slower", () => {
  expect(cycles.size).toBe(24);
  const sorted = [...cycles.values()].toSorted((a, b) => a - b);
  expect(sorted[0]).toBe(cycles.get("01 01 01 iklj"));
  expect(sorted.at(-1)! / sorted[0]!).toBeGreaterThanOrEqual(10);
});

test("estimates put the best quarter of the orders among their first third, and the best one among the first four", () => {
  const keys = [...cycles.keys()];
  const ranked = keys.toSorted((a, b) => cycles.get(a)! - cycles.get(b)!);
  const expected = keys.toSorted((a, b) => estimates.get(a)! - estimates.get(b)!);
  expect(ranked.slice(0, 6).filter((key) => !expected.slice(0, 8).includes(key))).toEqual([]);
  // Four survive to be simulated unless more are asked for.
  expect(expected.slice(0, 4)).toContain(ranked[0]);
});
