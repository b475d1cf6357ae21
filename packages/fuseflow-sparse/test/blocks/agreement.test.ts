import { Graph, simulate } from "@millrace/sim-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { OutPort } from "../../src/blocks/out-port.ts";
import { tokenText, VOID } from "../../src/blocks/token.ts";
import { evaluateBlock } from "../../src/evaluate/evaluate-block.ts";
import { type FiberTree, itemsOf, mapAt, type TreeStream } from "../../src/evaluate/fiber-tree.ts";
import type { SamBlock } from "../../src/sam/graph.ts";
import { portsOf } from "../../src/sam/ports.ts";
import { makeBlock } from "../../src/simulate/make-block.ts";
import { RecordingPort, type StreamRecord } from "../../src/simulate/stream-record.ts";
import { comal } from "../../src/timing/comal.ts";
import { samSync } from "../../src/timing/sam-sync.ts";
import { timeOfTiles } from "../../src/timing/tile-timing.ts";
import { EMPTY_FIBER, Feeder, Sink } from "../support/feeder.ts";
import { coordinates, tokensOf } from "../support/fiber-tokens.ts";
import { store } from "../support/random-programs.ts";

const operands = { T: store([40, 6], new Array(240).fill(1), "dd") };

/** The repeat signal of a stream. */
const signalOf = (tokens: readonly string[]): string[] =>
  tokens.map((token) => (token.startsWith("S") ? "S" : token === "D" ? "D" : "R"));

/** The stream with a token of its own for every empty fibre, as `sam-sync` scans missing references. */
const markEmpty = (tokens: readonly string[]): string[] =>
  tokens.flatMap((token, place) => {
    const empty = token.startsWith("S") && (place === 0 || tokens[place - 1]!.startsWith("S"));
    return empty ? [EMPTY_FIBER, token] : [token];
  });

/** Output tokens of a block that is fed the tokens of `inputs`, one a cycle. */
function run(block: SamBlock, inputs: readonly TreeStream[], profile: typeof comal, marked = false): string[][] {
  const machine = new Graph();
  const ports = portsOf(block);
  const channels = inputs.map((stream, k) => {
    const channel = machine.channel(`in${k}`);
    const tokens = tokensOf(stream);
    machine.add(
      new Feeder(channel, ports.inputs[k]!.name === "repsig" ? signalOf(tokens) : marked ? markEmpty(tokens) : tokens),
    );
    return channel;
  });
  const record: StreamRecord = new Map();
  const outputs = ports.outputs.map(({ name }) => {
    const channel = machine.channel(name);
    machine.add(new Sink(channel));
    return new RecordingPort(new OutPort([channel]), record);
  });
  const inputNames = ports.inputs.map(({ name }) => name);
  machine.add(
    makeBlock(
      block,
      { id: block.id, inputs: channels, inputNames, outputs, timing: profile },
      { profile, operands, hollow: new Set(), timeOf: timeOfTiles, tiles: null },
    ),
  );
  expect(simulate(machine).deadlock).toBe(null);
  return ports.outputs.map(({ name }) => {
    const { payloads, tags } = record.get(name)!;
    return tags.flatMap((tag, place) => (tag === VOID ? [] : [tokenText(payloads[place]!, tag)]));
  });
}

/** A stream beside another: an item for each of its items. */
const beside = (stream: TreeStream, item: (k: number) => number): TreeStream => {
  let k = 0;
  return { ...stream, tree: mapAt(stream.tree, stream.depth, () => item(k++)) };
};

/** The stream one level up: an item for each innermost fibre. */
const above = (stream: TreeStream): TreeStream => {
  const depth = stream.depth - 1;
  let k = 0;
  return { depth, tree: mapAt(stream.tree, depth, () => k++ % 40) };
};

const values = (stream: TreeStream): TreeStream => beside(stream, (k) => ((k * 7) % 11) - 6);

/** Streams of two levels with the same outer structure, for joins. */
const operandsOfJoin = (arity: number): fc.Arbitrary<TreeStream[]> =>
  fc
    .array(fc.array(coordinates(1), { minLength: arity, maxLength: arity }), { minLength: 1, maxLength: 4 })
    .map((rows) =>
      Array.from({ length: arity }, (_, k) => ({
        depth: 2,
        tree: rows.map((row) => row[k]!.tree) as FiberTree,
      })).flatMap((crd) => [crd, beside(crd, (place) => place + 100)]),
    );

interface Case {
  readonly block: SamBlock;
  readonly inputs: fc.Arbitrary<TreeStream[]>;
  /** Outputs to compare; all unless given. */
  readonly outputs?: readonly number[];
}

const two = coordinates(2);
const cases: Record<string, Case> = {
  reduce: { block: { id: "b", type: "reduce", operation: "add" }, inputs: two.map((crd) => [values(crd)]) },
  maximum: { block: { id: "b", type: "reduce", operation: "max" }, inputs: two.map((crd) => [values(crd)]) },
  repeat: {
    block: { id: "b", type: "repeat", index: "i", tensor: "T", root: false, of: "ref" },
    inputs: coordinates(3).map((crd) => [above(crd), crd]),
  },
  crdhold: {
    block: { id: "b", type: "crdhold", outer: "i", inner: "j" },
    inputs: coordinates(3).map((crd) => [above(crd), crd]),
  },
  // The inner stream passes as it is, with the stops of the fibres that lost their coordinate.
  crddrop: {
    block: { id: "b", type: "crddrop", outer: "i", inner: "j", of: "crd" },
    inputs: coordinates(3).map((crd) => [above(crd), crd]),
    outputs: [0],
  },
  "val-drop": {
    block: { id: "b", type: "val-drop" },
    inputs: two.map((crd) => [crd, beside(crd, (k) => (k % 3) - 1)]),
  },
  // A stream of which nothing is left has no stops either, which lists cannot say.
  "empty-fiber-drop": {
    block: { id: "b", type: "empty-fiber-drop" },
    inputs: coordinates(3)
      .filter(({ tree }) => itemsOf(tree).length > 0)
      .map((crd) => [crd]),
  },
  split: { block: { id: "b", type: "split", outer: "i", inner: "j", width: 3 }, inputs: two.map((crd) => [crd]) },
  "pack-bits": { block: { id: "b", type: "pack-bits" }, inputs: two.map((crd) => [crd]) },
  "gen-ref": { block: { id: "b", type: "gen-ref" }, inputs: two.map((crd) => [crd]) },
  alu: {
    block: { id: "b", type: "alu", operation: "max" },
    inputs: two.map((crd) => [values(crd), beside(crd, (k) => k - 3)]),
  },
  leakyrelu: {
    block: { id: "b", type: "unary", operation: "leakyrelu", constant: 0.5 },
    inputs: two.map((crd) => [values(crd)]),
  },
  locate: {
    block: { id: "b", type: "locate", tensor: "T", level: 1, index: "j", parent: true },
    inputs: coordinates(3).map((crd) => [crd, beside(crd, (k) => k), above(crd)]),
  },
};
for (const kind of ["intersect", "union"] as const) {
  for (const arity of [2, 3])
    cases[`${kind} of ${arity}`] = { block: { id: "b", type: kind, index: "i", arity }, inputs: operandsOfJoin(arity) };
}
for (const keep of ["lower", "upper", "diagonal"] as const) {
  const inputs = coordinates(3).map((crd) => [above(crd), crd, beside(crd, (k) => k)]);
  cases[`mask ${keep}`] = { block: { id: "b", type: "mask", outer: "i", inner: "j", keep }, inputs };
}
for (const order of [1, 2, 3]) {
  const indices = Array.from({ length: order + 1 }, (_, k) => `i${k}`);
  const inputs = coordinates(order + 2).map((crd) => {
    const levels = [crd];
    for (let k = 0; k < order; k++) levels.push(renumbered(above(levels[k]!)));
    return [...levels, values(crd)];
  });
  cases[`spacc ${order}`] = { block: { id: "b", type: "spacc", form: "fibers", order, indices }, inputs };
}

/** Coordinates that rise in every fibre, and repeat from fibre to fibre. */
function renumbered({ depth, tree }: TreeStream): TreeStream {
  return { depth, tree: mapAt(tree, depth - 1, (fiber) => (fiber as readonly FiberTree[]).map((_, k) => k)) };
}

test.each(Object.entries(cases))(
  "%s gives the tokens of what it means, in both profiles",
  (_, { block, inputs, outputs }) => {
    fc.assert(
      fc.property(inputs, (streams) => {
        const expected = evaluateBlock(block, streams, { operands, lanes: new Map() }).map(tokensOf);
        for (const profile of [comal, samSync]) {
          const given = run(block, streams, profile);
          for (const place of outputs ?? expected.keys()) expect(given[place]).toEqual(expected[place]);
        }
      }),
      { seed: 31, numRuns: 200 },
    );
  },
);

test.each(Object.entries(cases))(
  "%s takes tokens of empty fibres in without a trace in its output",
  (_, { block, inputs }) => {
    fc.assert(
      fc.property(inputs, (streams) => {
        expect(run(block, streams, samSync, true)).toEqual(run(block, streams, samSync));
      }),
      { seed: 32, numRuns: 100 },
    );
  },
);
