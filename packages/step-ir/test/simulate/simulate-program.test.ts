import { describe, expect, it } from "vitest";
import {
  accum,
  addressType,
  bufferize,
  eagerMerge,
  interpret,
  linearLoad,
  map,
  map2,
  moe,
  multihot,
  output,
  Program,
  partition,
  promote,
  reassemble,
  regular,
  routingTrace,
  SelectorValue,
  type Stream,
  shapeOf,
  simulateProgram,
  source,
  TileValue,
  tile,
} from "../../src/index.ts";
import { numbers, routing } from "../support/moe-reference.ts";
import { scalarSource, scalars, shown } from "../support/streams.ts";

describe("a timed run", () => {
  it("of a lone load takes A + 18 cycles per tile of A bursts", () => {
    const program = new Program("load");
    program.tensor("w", { scalar: "f32", rows: 64, columns: 160 });
    output(linearLoad(program, { id: "load", tensor: "w", tile: [64, 16], shape: [10], stride: [1] }), { id: "o" });
    const { report, offChipBytes } = simulateProgram(program, {}, { depth: 2 });
    expect(report.cycles).toBe(10 * (64 + 18) + 2);
    expect(offChipBytes).toBe(64 * 160 * 4);
  });

  it("serves a merge in the order of arrival, which the interpreter can follow", () => {
    const program = new Program("merge");
    const [a, b] = ["a", "b"].map((id) => {
      return source(program, { id, shape: [regular(program.symbol(id))], element: addressType });
    });
    const slow = map(a!, { fn: "scale", bandwidth: 1 });
    const { merged } = eagerMerge([map(map(slow, { fn: "scale" }), { fn: "scale" }), b!], { id: "m" });
    output(merged, { id: "o" });
    const sources = { a: scalars("1.2.D", 0), b: scalars("7.8.9.D", 0) };
    const { orders } = simulateProgram(program, { sources });
    expect([...orders.m!].sort()).toEqual([0, 0, 1, 1, 1]);
    expect(orders.m![0]).toBe(1);
    const values = orders.m!.map((port) => (port === 0 ? "12" : "789"));
    expect(shown(interpret(program, { sources, orders }).outputs.o).split(".").length).toBe(values.length + 1);
  });

  it("writes as many slots to every stream as the interpreter, and is the same twice", () => {
    const sizes = { batch: 12, experts: 6, chosen: 2, hidden: 16, inner: 32, tileInner: 16 };
    const trace = routingTrace(routing(12, 2, 5, 3), 6);
    for (const regions of [undefined, 3] as const) {
      const program = moe({
        ...sizes,
        tiling: { kind: "static", rows: 4 },
        ...(regions === undefined ? {} : { regions }),
      });
      const run = () => simulateProgram(program, { sources: trace.sources }, { depth: 2 });
      const { report, orders, offChipBytes } = run();
      expect(report.deadlock).toBeNull();
      expect(JSON.stringify(run().report)).toBe(JSON.stringify(report));
      expect(offChipBytes).toBeGreaterThan(0);
      const tensors = { rows: numbers(12, 16, 1) };
      const { measured } = interpret(program, { sources: trace.sources, tensors, orders });
      const tokens = new Map(report.channels.map((channel) => [channel.id, channel.tokens]));
      for (let expert = 0; expert < 6; expert++) {
        expect(tokens.get(`to_experts:${expert}`)).toBe(measured.get(`route.n${expert}`));
        expect(tokens.get(`unpack${expert}`)).toBe(measured.get(`route.n${expert}`));
      }
    }
  });

  it("knows the end of a stream only when its writer ends", () => {
    const program = new Program("end");
    const x = source(program, { id: "x", shape: shapeOf(3), element: tile("f32", 10, 10) });
    const s = source(program, { id: "s", shape: shapeOf(3), element: multihot(2) });
    const slow = map(x, { id: "slow", fn: "silu", bandwidth: 1 });
    const [first] = partition(slow, s, { id: "p", rank: 0 });
    output(promote(first!, { id: "group", rank: 1 }), { id: "o" });
    const tiles = Array.from({ length: 3 }, () => new TileValue(10, 10, new Float64Array(100)));
    const sources = { x: tiles, s: [[0], [1], [1]].map((chosen) => new SelectorValue(chosen)) };
    const { nodes } = simulateProgram(program, { sources }).report;
    const cyclesOf = (id: string): number => nodes.find((node) => node.id === id)!.cycles;
    expect(cyclesOf("p")).toBeGreaterThan(3 * 800);
    // The only row of the group came after 800 cycles, but it may go on only when nothing follows it.
    expect(cyclesOf("group")).toBe(cyclesOf("p"));
    for (const node of nodes) expect(node.busy + node.starved + node.blocked).toBe(node.cycles);
  });

  it("that stands still names the nodes and the depth that frees it", () => {
    const program = new Program("diamond");
    const x = source(program, { id: "x", shape: shapeOf(4), element: tile("f32", 1, 1) });
    const s = source(program, { id: "s", shape: shapeOf(4), element: multihot(2) });
    // All rows go one way before the other one gets any, but come back in pairs.
    const [left, right] = partition(x, s, { id: "p", rank: 0 });
    program.assertSame(left!.shape[0]!.extent, right!.shape[0]!.extent);
    output(map2(left!, right!, { id: "pair", fn: "add" }), { id: "o" });
    const sources = {
      x: scalars("1.2.3.4.D", 0),
      s: [[0], [0], [1], [1]].map((chosen) => new SelectorValue(chosen)),
    };
    const { report } = simulateProgram(program, { sources });
    expect(report.deadlock).toMatchObject({ kind: "wait-cycle", capacity: 2 });
    expect(report.deadlock!.cycle.map(({ node }) => node).sort()).toEqual(["p", "pair"]);
    expect(simulateProgram(program, { sources }, { depth: 2 }).report.deadlock).toBeNull();
    expect(simulateProgram(program, { sources }, { depths: { p: 2 } }).report.deadlock).toBeNull();
    expect(reassemble([left!, right!], s).shape.length).toBe(2);
  });

  it("refuses, as the interpreter does, a stop that may end no group or an empty one", () => {
    for (const node of [
      (rows: Stream) => accum(rows, { id: "n", fn: "add", rank: 1 }),
      (rows: Stream) => bufferize(rows, { id: "n", rank: 1 }),
    ]) {
      const { program, input } = scalarSource(2, [0, 1]);
      output(node(input), { id: "o" });
      const runs = (text: string) =>
        [simulateProgram, interpret].map((run) => () => void run(program, { sources: { x: scalars(text, 2) } }));
      // The second group of each: an empty one behind one with an element, then one that may have none at all.
      for (const run of runs("1.S1.S2.2.S2.D")) expect(run).not.toThrow();
      for (const run of runs("1.S2.S2.D")) {
        expect(run).toThrow(expect.objectContaining({ code: "group-empty" }));
        expect(run).toThrow(/"n": S2 follows S2 with nothing in between\. input "x" \[D2, ~D1, ~D0\]/);
      }
      for (const run of runs("S2.D")) expect(run).toThrow(/S2 follows the start of the stream/);
    }
  });
});
