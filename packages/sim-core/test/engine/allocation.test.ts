import { collections } from "@millrace/vitest/collections";
import { expect, test } from "vitest";
import { type Graph, simulate } from "../../src/index.ts";
import { chain } from "../support/chain.ts";

/** A chain of 10 channels that passes on `hops` tokens in all, from cycle `start` on. */
function build(hops: number, start: number): Graph {
  const graph = chain({ forwarders: 9, n: hops / 10, capacity: 8, style: "dequeue-first" });
  for (const node of graph.nodes) node.clock = start;
  return graph;
}

test("the meter of garbage works: one small object per hop is seen", async () => {
  const kept: object[] = [];
  const allocate = (): void => {
    for (let hop = 0; hop < 1e7; hop++) kept[hop & 7] = { time: hop + 0.5 };
  };
  expect(await collections(allocate)).toBeGreaterThan(8);
});

test("passing tokens leaves no garbage, whatever their number and however late the times", async () => {
  for (const start of [0, 2 ** 40]) {
    // The first runs compile the loops.
    for (let warm = 0; warm < 4; warm++) simulate(build(1e6, start));
    for (const hops of [1e4, 1e5, 1e6, 1e7]) {
      const graph = build(hops, start);
      const count = await collections(() => {
        simulate(graph);
      });
      expect([start, hops, count <= 2]).toEqual([start, hops, true]);
      expect(graph.channels[9]!.tokens).toBe(hops / 10);
    }
  }
});
