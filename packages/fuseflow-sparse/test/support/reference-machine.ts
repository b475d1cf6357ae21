/** Comal's clock rules for a few blocks, as programs of sim-core's literal engine: one object per token, tick by tick. */
import {
  type ReferenceAnswer,
  type ReferenceChannel,
  type ReferenceNode,
  type ReferenceStep,
  referenceChannel,
} from "@millrace/sim-core";
import type { Level, Tensor } from "@millrace/tensor";
import type { SamBlock, SamGraph } from "../../src/sam/graph.ts";
import { portsOf } from "../../src/sam/ports.ts";

type Program = Generator<ReferenceStep, void, ReferenceAnswer>;
type Ports = (name: string) => ReferenceChannel;
/** Written to by ports that lead nowhere. */
type Outputs = (name: string) => ReferenceChannel | undefined;

const DATA = 0;
const DONE = -1;
/** Tag of S0; S1 is one more. */
const STOP = 1;

/** The nodes of a graph of roots, scanners of compressed levels, intersections, arrays, products, sums and value writers. */
export function referenceMachine(
  graph: SamGraph,
  operands: Readonly<Record<string, Tensor>>,
  capacity: number,
): { readonly nodes: readonly ReferenceNode[]; readonly written: number[] } {
  const channels = new Map(graph.edges.map((edge) => [edge.id, referenceChannel(edge.id, { capacity })]));
  const written: number[] = [];
  const nodes = graph.blocks.map((block): ReferenceNode => {
    const { inputs, outputs } = portsOf(block);
    const into = (name: string) => graph.edges.find(({ to }) => to.block === block.id && to.port === name);
    const outOf = (name: string) => graph.edges.find(({ from }) => from.block === block.id && from.port === name);
    const ends = (edges: readonly ({ readonly id: string } | undefined)[]): ReferenceChannel[] =>
      edges.flatMap((edge) => (edge === undefined ? [] : [channels.get(edge.id)!]));
    return {
      id: block.id,
      inputs: ends(inputs.map(({ name }) => into(name))),
      outputs: ends(outputs.map(({ name }) => outOf(name))),
      program: programOf(
        block,
        operands,
        written,
      )(
        (name) => channels.get(into(name)!.id)!,
        (name) => channels.get(outOf(name)?.id ?? ""),
      ),
    };
  });
  return { nodes, written };
}

function programOf(
  block: SamBlock,
  operands: Readonly<Record<string, Tensor>>,
  written: number[],
): (inputs: Ports, outputs: Outputs) => Program {
  switch (block.type) {
    case "root":
      return root;
    case "scanner":
      return scanner(operands[block.tensor]!.levels[block.level] as Extract<Level, { kind: "compressed" }>);
    case "intersect":
      return intersection;
    case "array": {
      const { values } = operands[block.tensor]!;
      return mapping(["ref"], ([ref]) => Number(values[ref!]));
    }
    case "alu":
      return mapping(["val0", "val1"], ([a, b]) => a! * b!);
    case "reduce":
      return sum;
    case "write-values":
      return writer(written);
    default:
      throw new TypeError(`no program for ${block.type}`);
  }
}

const step: ReferenceStep = { do: "work", cycles: 1 };

function* send(channels: readonly (ReferenceChannel | undefined)[], payload: number, tag: number): Program {
  for (const channel of channels) if (channel !== undefined) yield { do: "write", channel, payload, tag };
}

function* take(channels: readonly ReferenceChannel[]): Program {
  for (const channel of channels) yield { do: "release", channel };
}

function* head(channel: ReferenceChannel): Generator<ReferenceStep, { payload: number; tag: number }, ReferenceAnswer> {
  return (yield { do: "peek", channel })!.token;
}

function* root(_: Ports, outputs: Outputs): Program {
  yield* send([outputs("ref")], 0, DATA);
  yield step;
  yield* send([outputs("ref")], 0, DONE);
}

function scanner({ positions, coordinates }: Extract<Level, { kind: "compressed" }>) {
  return function* scan(inputs: Ports, outputs: Outputs): Program {
    const [ref, crd, refs] = [inputs("ref"), outputs("crd"), outputs("ref")];
    for (;;) {
      const { payload, tag } = yield* head(ref);
      if (tag === DONE) return yield* send([crd, refs], 0, DONE);
      if (tag === DATA) {
        yield* take([ref]);
        for (let at = positions[payload]!; at < positions[payload + 1]!; at++) {
          yield* send([crd], coordinates[at]!, DATA);
          yield* send([refs], at, DATA);
          yield step;
        }
        const next = yield* head(ref);
        yield* send([crd, refs], 0, next.tag >= STOP ? next.tag + 1 : STOP);
        if (next.tag >= STOP) yield* take([ref]);
      } else {
        yield* send([crd, refs], 0, tag + 1);
        yield* take([ref]);
      }
      yield step;
    }
  };
}

function* intersection(inputs: Ports, outputs: Outputs): Program {
  const sides = [0, 1].map((side) => ({ crd: inputs(`crd${side}`), ref: inputs(`ref${side}`) }));
  const all = ["crd", "ref0", "ref1"].map(outputs);
  for (;;) {
    const heads: { crd: { payload: number; tag: number }; ref: { payload: number } }[] = [];
    for (const { crd, ref } of sides) heads.push({ crd: yield* head(crd), ref: yield* head(ref) });
    const [a, b] = heads.map(({ crd }) => (crd.tag === DATA ? crd.payload : Number.POSITIVE_INFINITY)) as [
      number,
      number,
    ];
    if (a === b) {
      const { payload, tag } = heads[0]!.crd;
      const payloads = [payload, ...heads.map(({ ref }) => ref.payload)];
      for (const [at, channel] of all.entries()) yield* send([channel], payloads[at]!, tag);
      if (tag === DONE) return;
    }
    for (const [side, { crd, ref }] of sides.entries())
      if (heads[side]!.crd.tag !== DATA ? a === b : [a, b][side]! <= Math.min(a, b)) yield* take([crd, ref]);
    yield step;
  }
}

function mapping(ports: readonly string[], value: (payloads: readonly number[]) => number) {
  return function* map(inputs: Ports, outputs: Outputs): Program {
    const channels = ports.map(inputs);
    for (;;) {
      const payloads: number[] = [];
      let tag = DATA;
      for (const channel of channels) {
        const token = yield* head(channel);
        payloads.push(token.payload);
        tag = token.tag;
      }
      yield* send([outputs("val")], tag === DATA ? value(payloads) : 0, tag);
      if (tag === DONE) return;
      yield* take(channels);
      yield step;
    }
  };
}

function* sum(inputs: Ports, outputs: Outputs): Program {
  let total = 0;
  for (;;) {
    const { payload, tag } = yield* head(inputs("val"));
    if (tag === DONE) return yield* send([outputs("val")], 0, DONE);
    if (tag === DATA) total += payload;
    else {
      yield* send([outputs("val")], total, DATA);
      if (tag > STOP) yield* send([outputs("val")], 0, tag - 1);
      total = 0;
    }
    yield* take([inputs("val")]);
    yield step;
  }
}

function writer(written: number[]) {
  return function* write(inputs: Ports): Program {
    for (;;) {
      const { payload, tag } = yield* head(inputs("val"));
      if (tag === DATA) written.push(payload);
      if (tag === DATA || tag === DONE) yield step;
      if (tag === DONE) return;
      yield* take([inputs("val")]);
    }
  };
}
