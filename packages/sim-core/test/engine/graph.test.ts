import { expect, test } from "vitest";
import { Graph, idealMemory, simulate } from "../../src/index.ts";
import { Consumer, chain, DequeueFirst, Generator } from "../support/chain.ts";

const code = (name: string): object => expect.objectContaining({ name: "SimError", code: name });

test("ids of channels, nodes and memories are unique", () => {
  const graph = new Graph();
  const a = graph.channel("a");
  expect(() => graph.channel("a")).toThrow(code("channel-id"));
  graph.add(new Generator("g", a, 1));
  expect(() => graph.add(new Consumer("g", a))).toThrow(code("node-id"));
  graph.memory("m", idealMemory());
  expect(() => graph.memory("m", idealMemory())).toThrow(code("node-id"));
});

test("a channel joins exactly two nodes of its own graph", () => {
  const graph = new Graph();
  const a = graph.channel("a");
  graph.add(new Generator("g", a, 1));
  expect(() => graph.add(new Generator("h", a, 1))).toThrow(/channel a has two writers, g and h/);
  expect(() => graph.add(new Consumer("c", new Graph().channel("a")))).toThrow(/belongs to another graph/);
  expect(() => simulate(graph)).toThrow(/channel a has no reader/);
});

test("a graph is simulated once", () => {
  const graph = chain({ forwarders: 0, n: 1, capacity: 1, style: "dequeue-first" });
  simulate(graph);
  expect(() => simulate(graph)).toThrow(code("graph-sealed"));
  expect(() => graph.channel("late")).toThrow(code("graph-sealed"));
});

test("capacities given by id win over those of the builder, which win over the default", () => {
  const graph = new Graph({ capacity: 3, capacities: new Map([["a", 5]]) });
  expect(graph.channel("a", { capacity: 2 }).capacity).toBe(5);
  expect(graph.channel("b", { capacity: 2 }).capacity).toBe(2);
  expect(graph.channel("c").capacity).toBe(3);
  expect(new Graph().channel("d").capacity).toBe(Number.POSITIVE_INFINITY);
});

test("a capacity for a channel that does not exist is refused", () => {
  const graph = new Graph({ capacities: new Map([["typo", 5]]) });
  const a = graph.channel("a");
  graph.add(new Generator("g", a, 1));
  graph.add(new Consumer("c", a));
  expect(() => simulate(graph)).toThrow(code("capacity-override"));
});

test("a clock beyond 2^53 - 1 is refused, not rounded", () => {
  const graph = new Graph();
  const [a, b] = [graph.channel("a"), graph.channel("b")];
  const generator = graph.add(new Generator("g", a, 5));
  graph.add(new DequeueFirst("f", a, b));
  graph.add(new Consumer("c", b));
  generator.clock = Number.MAX_SAFE_INTEGER - 2;
  expect(() => simulate(graph)).toThrow(code("time-overflow"));
});
