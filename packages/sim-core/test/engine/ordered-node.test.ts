import { expect, test } from "vitest";
import { type Channel, Graph, Node, type Progress, simulate } from "../../src/index.ts";
import { Consumer } from "../support/chain.ts";
import { EagerMerge } from "../support/programs.ts";

/** Writes one token at each of the given arrival times. */
class Arrivals extends Node {
  readonly #output: Channel;
  readonly #times: readonly number[];
  #next = 0;

  constructor(id: string, output: Channel, times: readonly number[]) {
    super(id, [], [output]);
    this.#output = output;
    this.#times = times;
  }

  fire(): Progress {
    for (; this.#next < this.#times.length; this.#next++) {
      if (!this.#output.writable) return this.waitFor(this.#output);
      this.clock = this.#output.reserve(Math.max(this.clock, this.#times[this.#next]! - 1));
      this.#output.put(this.clock, this.#next, 0);
    }
    return this.finish();
  }
}

/** Passes each token on `cycles` later, `rounds` times, through a second output as well. */
class Echo extends Node {
  #left: number;
  readonly #cycles: number;

  constructor(
    id: string,
    ends: { input: Channel; back: Channel; out: Channel },
    options: { rounds: number; cycles: number },
  ) {
    super(id, [ends.input], [ends.back, ends.out]);
    this.#left = options.rounds;
    this.#cycles = options.cycles;
  }

  fire(): Progress {
    const [input, back, out] = [this.inputs[0]!, this.outputs[0]!, this.outputs[1]!];
    for (;;) {
      if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
      this.clock = input.peek(this.clock) + this.#cycles;
      out.put(this.clock, input.headPayload, input.headTag);
      if (this.#left > 0) back.put(this.clock, input.headPayload, input.headTag);
      this.#left -= 1;
      input.release(this.clock);
    }
  }
}

function mergePorts(arrivals: readonly (readonly number[])[]): number[] {
  const graph = new Graph();
  const inputs = arrivals.map((times, port) => {
    const channel = graph.channel(`in${port}`);
    graph.add(new Arrivals(`source${port}`, channel, times));
    return channel;
  });
  const output = graph.channel("out");
  const merge = graph.add(new EagerMerge("merge", { inputs, outputs: [output] }, { cycles: 0, tokens: 1e9 }));
  graph.add(new Consumer("sink", output));
  expect(simulate(graph).deadlock).toBeNull();
  return merge.ports;
}

test("an eager merge takes tokens in order of arrival", () => {
  expect(mergePorts([[3, 4, 5], [1]])).toEqual([1, 0, 0, 0]);
});

test("of two tokens that arrive at once the one on the lowest port goes first", () => {
  expect(mergePorts([[5], [5], [4, 5]])).toEqual([2, 0, 1, 2]);
});

test("the order holds when one input of the merge comes back from its own output", () => {
  for (const [cycles, ports] of [
    // The source's tokens come at 3, 10, 20 and 30, and those of the echo at 5, 7 and 9, or at 11, 18 and 24.
    [0, [1, 0, 0, 0, 1, 1, 1]],
    [6, [1, 1, 0, 0, 1, 0, 1]],
  ] as const) {
    const graph = new Graph();
    const [back, source, merged, out] = ["back", "source", "merged", "out"].map((id) => graph.channel(id));
    graph.add(new Arrivals("arrivals", source!, [3, 10, 20, 30]));
    const inputs = [back!, source!];
    const merge = graph.add(new EagerMerge("merge", { inputs, outputs: [merged!] }, { cycles: 0, tokens: 7 }));
    graph.add(new Echo("echo", { input: merged!, back: back!, out: out! }, { rounds: 3, cycles }));
    graph.add(new Consumer("sink", out!));
    simulate(graph);
    expect([cycles, merge.ports]).toEqual([cycles, ports]);
  }
});
