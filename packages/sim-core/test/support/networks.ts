// Random networks of node programs, built for both engines from one description.
import {
  Graph,
  type ReferenceReport,
  referenceChannel,
  type SimulationReport,
  simulate,
  simulateReference,
} from "../../src/index.ts";
import {
  EagerMerge,
  type Merge,
  type Operation,
  type Program,
  ProgramNode,
  referenceMerge,
  referenceProgram,
} from "./programs.ts";

export interface NodeShape {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** A program, or an eager merge. */
  readonly runs: Program | Merge;
}

export interface Network {
  readonly channels: readonly {
    readonly capacity: number;
    readonly latency: number;
    readonly responseLatency: number;
  }[];
  readonly nodes: readonly NodeShape[];
}

/** A seeded source of integers in [0, n): xorshift32. */
export function random(seed: number): (n: number) => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % n;
  };
}

/** A network of 2 to 8 nodes in which every node but the first reads; `cyclic` adds channels that lead back. */
export function randomNetwork(seed: number, options: { cyclic: boolean; merges: boolean }): Network {
  const draw = random(seed);
  const size = 2 + draw(7);
  const inputs: number[][] = Array.from({ length: size }, () => []);
  const outputs: number[][] = Array.from({ length: size }, () => []);
  const channels: Network["channels"][number][] = [];
  const join = (from: number, to: number): void => {
    outputs[from]!.push(channels.length);
    inputs[to]!.push(channels.length);
    const capacity = draw(4) === 0 ? Number.POSITIVE_INFINITY : 1 + draw(5);
    channels.push({ capacity, latency: 1 + draw(3), responseLatency: 1 + draw(3) });
  };
  for (let to = 1; to < size; to++) join(draw(to), to);
  for (let extra = draw(4); extra > 0; extra--) {
    const [a, b] = [draw(size), draw(size)];
    if (a < b) join(a, b);
  }
  if (options.cyclic) for (let back = 1 + draw(2); back > 0; back--) join(1 + draw(size - 1), draw(size));
  const nodes = inputs.map((ins, node): NodeShape => {
    const outs = outputs[node]!;
    if (options.merges && ins.length > 1 && outs.length === 1)
      return { inputs: ins, outputs: outs, runs: { cycles: draw(4), tokens: 1 + draw(60) } };
    return {
      inputs: ins,
      outputs: outs,
      runs: { operations: randomOperations(draw, ins.length, outs.length), rounds: 1 + draw(20) },
    };
  });
  return { channels, nodes };
}

/** Every input is read and every output written, sometimes twice, in random order, with work in between. */
function randomOperations(draw: (n: number) => number, inputs: number, outputs: number): Operation[] {
  const pieces: Operation[][] = [];
  for (let port = 0; port < inputs; port++) {
    for (let times = draw(5) === 0 ? 2 : 1; times > 0; times--) {
      pieces.push([
        { do: "peek", port },
        ...(draw(2) === 0 ? [{ do: "work", cycles: draw(4) } as const] : []),
        { do: "release", port },
      ]);
    }
  }
  for (let port = 0; port < outputs; port++) {
    for (let times = draw(5) === 0 ? 2 : 1; times > 0; times--) pieces.push([{ do: "write", port }]);
  }
  for (let i = pieces.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    [pieces[i], pieces[j]] = [pieces[j]!, pieces[i]!];
  }
  return [...pieces.flat(), { do: "work", cycles: draw(3) }];
}

/** The part of a report that both engines give, with the final state of every program. */
export interface Outcome {
  readonly nodes: ReferenceReport["nodes"];
  readonly channels: ReferenceReport["channels"];
  readonly states: readonly number[];
}

/** Runs a network on the engine; `order` permutes the nodes of the host's first round. */
export function runNetwork(
  network: Network,
  order?: (n: number) => number,
): { outcome: Outcome; report: SimulationReport } {
  const graph = new Graph();
  const channels = network.channels.map((options, i) => graph.channel(`c${i}`, options));
  const nodes = network.nodes.map(({ inputs, outputs, runs }, i) => {
    const ends = { inputs: inputs.map((c) => channels[c]!), outputs: outputs.map((c) => channels[c]!) };
    return graph.add("tokens" in runs ? new EagerMerge(`n${i}`, ends, runs) : new ProgramNode(`n${i}`, ends, runs));
  });
  const shuffled = [...nodes];
  if (order !== undefined) {
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = order(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
  }
  // The states are read before a search for a freeing capacity goes on with the same nodes.
  const states: number[] = [];
  const report = simulate(graph, { order: shuffled, stopped: () => states.push(...nodes.map(stateOf)) });
  return {
    report,
    outcome: {
      nodes: report.nodes,
      channels: report.channels.map(({ id, tokens, highWater }) => ({ id, tokens, highWater })),
      states,
    },
  };
}

function stateOf(node: ProgramNode | EagerMerge): number {
  return node instanceof ProgramNode ? node.state : 0;
}

/** Runs a network on the reference engine. */
export function runReference(network: Network): Outcome {
  const channels = network.channels.map((options, i) => referenceChannel(`c${i}`, options));
  const states: number[] = network.nodes.map(({ runs }) => ("tokens" in runs ? 0 : 1));
  const { nodes, channels: counts } = simulateReference(
    network.nodes.map(({ inputs, outputs, runs }, i) => {
      const ends = { inputs: inputs.map((c) => channels[c]!), outputs: outputs.map((c) => channels[c]!) };
      const program =
        "tokens" in runs
          ? referenceMerge(ends, runs)
          : referenceProgram(ends, runs, (state) => {
              states[i] = state;
            });
      return { id: `n${i}`, ...ends, program };
    }),
  );
  const order = new Map(channels.map((channel, place) => [channel.id, place]));
  return { nodes, channels: [...counts].sort((a, b) => order.get(a.id)! - order.get(b.id)!), states };
}
