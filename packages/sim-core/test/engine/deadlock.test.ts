import { expect, test } from "vitest";
import { type Channel, Graph, Node, type Progress, type SimulationReport, simulate } from "../../src/index.ts";
import { Consumer, Generator } from "../support/chain.ts";
import { randomNetwork, runNetwork } from "../support/networks.ts";
import { EagerMerge, type Operation, type Program, ProgramNode } from "../support/programs.ts";

/** Reads `count` tokens, then stops reading without an end of its input. */
class Impatient extends Node {
  #left: number;

  constructor(id: string, input: Channel, count: number) {
    super(id, [input], []);
    this.#left = count;
  }

  fire(): Progress {
    const input = this.inputs[0]!;
    for (; this.#left > 0; this.#left--) {
      if (!input.readable) return this.waitFor(input);
      this.clock = input.peek(this.clock);
      input.release(this.clock);
    }
    return this.finish();
  }
}

/** A split that sends `lag` tokens down one way before the first down the other, and a join of the two ways. */
function diamond(options: {
  lag: number;
  capacity: number;
  capacities?: ReadonlyMap<string, number>;
}): SimulationReport {
  const { lag, capacity, capacities } = options;
  const graph = new Graph({ capacity, ...(capacities === undefined ? {} : { capacities }) });
  const [left, right, out] = [graph.channel("left"), graph.channel("right"), graph.channel("out")];
  const many: Operation[] = Array.from({ length: lag }, () => ({ do: "write", port: 0 }));
  graph.add(
    new ProgramNode(
      "split",
      { inputs: [], outputs: [left, right] },
      { operations: [...many, { do: "write", port: 1 }], rounds: 5 },
    ),
  );
  const reads: Operation[] = Array.from({ length: lag }, () => [
    { do: "peek", port: 0 } as const,
    { do: "release", port: 0 } as const,
  ]).flat();
  graph.add(
    new ProgramNode(
      "join",
      { inputs: [left, right], outputs: [out] },
      {
        operations: [{ do: "peek", port: 1 }, { do: "release", port: 1 }, ...reads, { do: "write", port: 0 }],
        rounds: 5,
      },
    ),
  );
  graph.add(new Consumer("sink", out));
  return simulate(graph);
}

test("a diamond with too small a FIFO names the cycle of waits and the capacity that frees it", () => {
  const report = diamond({ lag: 7, capacity: 2 });
  expect(report.deadlock).toEqual({
    kind: "wait-cycle",
    cycle: [
      { node: "split", channel: "left", waitsFor: "slot", owedBy: "join" },
      { node: "join", channel: "right", waitsFor: "token", owedBy: "split" },
    ],
    capacity: 7,
    channels: ["left"],
    nodes: ["split", "join", "sink"],
  });
  expect(report.channels.find((channel) => channel.id === "left")).toEqual({
    id: "left",
    tokens: 2,
    highWater: 2,
    capacity: 2,
  });
});

test("the graph runs at the capacity named and not at one less", () => {
  expect(diamond({ lag: 7, capacity: 2, capacities: new Map([["left", 7]]) }).deadlock).toBeNull();
  expect(diamond({ lag: 7, capacity: 2, capacities: new Map([["left", 6]]) }).deadlock?.capacity).toBe(7);
});

test("a source that ends early is starvation, told with the node that has ended", () => {
  const graph = new Graph();
  const [a, b] = [graph.channel("a"), graph.channel("b")];
  graph.add(new Generator("short", a, 3));
  graph.add(new Generator("long", b, 5));
  graph.add(new Strict("join", [a, b], 5));
  const { deadlock } = simulate(graph);
  expect(deadlock).toEqual({
    kind: "starvation",
    cycle: [{ node: "join", channel: "a", waitsFor: "token", owedBy: "short" }],
    capacity: null,
    channels: [],
    nodes: ["join"],
  });
});

test("a reader that stops reading starves its writer of slots", () => {
  const graph = new Graph({ capacity: 2 });
  const a = graph.channel("a");
  graph.add(new Generator("source", a, 9));
  graph.add(new Impatient("reader", a, 4));
  const { deadlock } = simulate(graph);
  expect(deadlock?.kind).toBe("starvation");
  expect(deadlock?.cycle).toEqual([{ node: "source", channel: "a", waitsFor: "slot", owedBy: "reader" }]);
});

test("nodes that wait for each other's first token are a cycle that no capacity frees", () => {
  const graph = new Graph({ capacity: 1 });
  const [a, b] = [graph.channel("a"), graph.channel("b")];
  const program = {
    operations: [
      { do: "peek", port: 0 },
      { do: "release", port: 0 },
      { do: "write", port: 0 },
    ],
    rounds: 3,
  } as const;
  graph.add(new ProgramNode("left", { inputs: [a], outputs: [b] }, program));
  graph.add(new ProgramNode("right", { inputs: [b], outputs: [a] }, program));
  const { deadlock } = simulate(graph);
  expect(deadlock?.kind).toBe("wait-cycle");
  expect(deadlock?.cycle.map((wait) => wait.node)).toEqual(["left", "right"]);
  expect(deadlock?.capacity).toBeNull();
});

test("a deadlock through an eager merge is freed by the capacity named and not by one less", () => {
  // Six tokens must fit into `in`, the merge itself and `merged` before the join reads any.
  const run = (capacity: number): SimulationReport => {
    const graph = new Graph();
    const [into, other, merged] = [
      graph.channel("in", { capacity }),
      graph.channel("other"),
      graph.channel("merged", { capacity }),
    ];
    const [right, out] = [graph.channel("right"), graph.channel("out")];
    const writes: Operation[] = Array.from({ length: 6 }, () => ({ do: "write", port: 0 }));
    const reads = Array.from({ length: 6 }, (): Operation[] => [
      { do: "peek", port: 0 },
      { do: "release", port: 0 },
    ]).flat();
    const split = { operations: [...writes, { do: "write", port: 1 }], rounds: 1 } as const;
    graph.add(new ProgramNode("split", { inputs: [], outputs: [into, right] }, split));
    graph.add(new Generator("none", other, 0));
    graph.add(new EagerMerge("merge", { inputs: [into, other], outputs: [merged] }, { cycles: 1, tokens: 6 }));
    const join = {
      operations: [{ do: "peek", port: 1 }, { do: "release", port: 1 }, ...reads, { do: "write", port: 0 }],
      rounds: 1,
    } as const;
    graph.add(new ProgramNode("join", { inputs: [merged, right], outputs: [out] }, join));
    graph.add(new Consumer("sink", out));
    return simulate(graph);
  };
  const { deadlock } = run(1);
  expect(deadlock?.cycle.map((wait) => `${wait.node} ${wait.channel} ${wait.waitsFor}`)).toEqual([
    "split in slot",
    "merge merged slot",
    "join right token",
  ]);
  expect([deadlock?.capacity, deadlock?.channels]).toEqual([3, ["in", "merged"]]);
  expect(run(3).deadlock).toBeNull();
  expect(run(2).deadlock).not.toBeNull();
});

test("a graph that would run for ever once it is freed gets a report, not a hang", () => {
  const graph = new Graph({ capacity: 1 });
  const [there, back] = [graph.channel("there"), graph.channel("back")];
  const loop = (first: number): Program => ({
    operations: [
      ...Array.from({ length: first }, (): Operation => ({ do: "write", port: 0 })),
      { do: "peek", port: 0 },
      { do: "release", port: 0 },
    ],
    rounds: Number.POSITIVE_INFINITY,
  });
  // The loop gains a token per round: it fills any capacity, and would never come to an end.
  graph.add(new ProgramNode("left", { inputs: [back], outputs: [there] }, loop(1)));
  graph.add(new Doubler("right", { inputs: [there], outputs: [back] }));
  const { deadlock } = simulate(graph);
  expect(deadlock?.kind).toBe("wait-cycle");
  expect(deadlock?.capacity).toBeNull();
});

test("in random cyclic networks the capacity named frees and one less does not", () => {
  let freed = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const network = randomNetwork(seed, { cyclic: true, merges: false });
    const { deadlock } = runNetwork(network).report;
    if (deadlock?.capacity == null) continue;
    freed += 1;
    const raised = (capacity: number): ReturnType<typeof runNetwork>["report"] => {
      const channels = network.channels.map((channel, i) =>
        deadlock.channels.includes(`c${i}`) ? { ...channel, capacity: Math.max(channel.capacity, capacity) } : channel,
      );
      return runNetwork({ ...network, channels }).report;
    };
    expect([seed, raised(deadlock.capacity).deadlock]).toEqual([seed, null]);
    expect([seed, raised(deadlock.capacity - 1).deadlock === null]).toEqual([seed, false]);
  }
  expect(freed).toBeGreaterThan(10);
});

/** Reads one token of each input per round; an early end of an input is not expected. */
class Strict extends Node {
  #left: number;
  #port = 0;

  constructor(id: string, inputs: readonly Channel[], rounds: number) {
    super(id, inputs, []);
    this.#left = rounds * inputs.length;
  }

  fire(): Progress {
    for (; this.#left > 0; this.#left--) {
      const input = this.inputs[this.#port]!;
      if (!input.readable) return this.waitFor(input);
      this.clock = input.peek(this.clock);
      input.release(this.clock);
      this.#port = (this.#port + 1) % this.inputs.length;
    }
    return this.finish();
  }
}

/** Writes two tokens for each that it reads, for ever. */
class Doubler extends ProgramNode {
  constructor(id: string, ends: ConstructorParameters<typeof ProgramNode>[1]) {
    const operations: Operation[] = [
      { do: "write", port: 0 },
      { do: "write", port: 0 },
      { do: "peek", port: 0 },
      { do: "release", port: 0 },
    ];
    super(id, ends, { operations, rounds: Number.POSITIVE_INFINITY });
  }
}
