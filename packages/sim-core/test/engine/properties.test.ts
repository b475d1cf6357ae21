import { expect, test } from "vitest";
import { type Channel, Graph, Node, type Progress, type SimulationReport, simulate } from "../../src/index.ts";
import { Consumer, chain, DequeueFirst, Generator } from "../support/chain.ts";
import { randomNetwork, runNetwork } from "../support/networks.ts";

test("busy, starved and blocked cycles of a node add up to its final clock, and none is negative", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const { report } = runNetwork(randomNetwork(seed, { cyclic: seed % 2 === 0, merges: seed % 3 === 0 }));
    for (const { cycles, busy, starved, blocked } of report.nodes) {
      expect(busy + starved + blocked).toBe(cycles);
      expect(Math.min(busy, starved, blocked)).toBeGreaterThanOrEqual(0);
    }
  }
});

test("more capacity never makes a network of blocking nodes slower", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const network = randomNetwork(seed, { cyclic: seed % 2 === 0, merges: false });
    const wider = { ...network, channels: network.channels.map((c) => ({ ...c, capacity: c.capacity + 1 })) };
    const [before, after] = [runNetwork(network).report, runNetwork(wider).report];
    if (before.deadlock === null) expect([seed, after.cycles <= before.cycles]).toEqual([seed, true]);
  }
});

test("two runs give the same report, byte for byte", () => {
  const run = (): string =>
    JSON.stringify(simulate(chain({ forwarders: 5, n: 300, capacity: 2, style: "peek-first" })));
  expect(run()).toBe(run());
});

test("payloads and tags are opaque: values of any kind take the cycles of bare handles", () => {
  class Source extends Node {
    readonly #tokens: readonly (readonly [number, number])[];
    #next = 0;

    constructor(output: Channel, tokens: readonly (readonly [number, number])[]) {
      super("source", [], [output]);
      this.#tokens = tokens;
    }

    fire(): Progress {
      for (const output = this.outputs[0]!; this.#next < this.#tokens.length; this.#next++) {
        if (!output.writable) return this.waitFor(output);
        const [payload, tag] = this.#tokens[this.#next]!;
        this.clock = output.reserve(this.clock);
        output.put(this.clock, payload, tag);
      }
      return this.finish();
    }
  }
  const run = (tokens: readonly (readonly [number, number])[]): SimulationReport => {
    const graph = new Graph({ capacity: 2 });
    const [a, b] = [graph.channel("a"), graph.channel("b")];
    graph.add(new Source(a, tokens));
    graph.add(new DequeueFirst("f", a, b));
    graph.add(new Consumer("c", b));
    return simulate(graph);
  };
  const timing = run([1, 2, 3, 4, 5].map((handle) => [handle, 0] as const));
  const functional = run([
    [0.1, -1],
    [Number.NaN, 2 ** 31 - 1],
    [Number.NEGATIVE_INFINITY, -(2 ** 31)],
    [1e300, 7],
    [-0, 0],
  ]);
  expect(functional).toEqual(timing);
});

test("a chain keeps what it is given: tokens, order and values", () => {
  const graph = new Graph({ capacity: 4 });
  const [a, b] = [graph.channel("a"), graph.channel("b")];
  graph.add(new Generator("g", a, 1000));
  graph.add(new DequeueFirst("f", a, b));
  const consumer = graph.add(new Consumer("c", b));
  const report = simulate(graph);
  expect(consumer.sum).toBe(500_500);
  expect(report.channels.map((channel) => channel.tokens)).toEqual([1000, 1000]);
});

test("activations per token are bounded on a chain: one in capacity tokens and end", () => {
  const perHop = (capacity: number): number => {
    const report: SimulationReport = simulate(chain({ forwarders: 10, n: 20_000, capacity, style: "dequeue-first" }));
    return report.activations / (11 * 20_000);
  };
  expect(perHop(1)).toBeLessThan(1.2);
  expect(perHop(8)).toBeLessThan(1.2 / 8);
  expect(perHop(1024)).toBeLessThan(2 / 1024);
});
