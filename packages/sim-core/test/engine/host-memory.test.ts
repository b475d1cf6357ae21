import { expect, test } from "vitest";
import { type Channel, Graph, Node, type Progress, simulate } from "../../src/index.ts";
import { Generator } from "../support/chain.ts";

/** Takes tokens of its inputs in turn, `run` of each, and remembers how many ever waited. */
class Alternating extends Node {
  mostWaiting = 0;
  #taken = 0;
  readonly #run: number;

  constructor(id: string, inputs: readonly Channel[], run: number) {
    super(id, inputs, []);
    this.#run = run;
  }

  fire(budget: number): Progress {
    for (const input of this.inputs) this.mostWaiting = Math.max(this.mostWaiting, input.pending);
    for (let left = budget; left > 0; left--) {
      const input = this.inputs[Math.floor(this.#taken / this.#run) % this.inputs.length]!;
      if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
      this.clock = input.peek(this.clock);
      input.release(this.clock);
      this.clock += 1;
      this.#taken += 1;
    }
    return "more";
  }
}

test("the host holds no more tokens of unbounded channels than order demands, however slow their reader", () => {
  const n = 300_000;
  const graph = new Graph();
  const channels = [graph.channel("a"), graph.channel("b")];
  for (const channel of channels) graph.add(new Generator(`to ${channel.id}`, channel, n));
  const reader = graph.add(new Alternating("reader", channels, 1));
  const report = simulate(graph);
  // In simulated time half of all tokens wait when the writers end: a slot is free two cycles after the token was taken up.
  expect(report.channels.map(({ tokens, highWater }) => [tokens, highWater])).toEqual([
    [n, n / 2 + 1],
    [n, n / 2 + 1],
  ]);
  expect(reader.mostWaiting).toBeLessThan(20_000);
});
