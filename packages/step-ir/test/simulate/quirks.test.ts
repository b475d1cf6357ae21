import { describe, expect, it } from "vitest";
import {
  accum,
  interpret,
  linearLoad,
  map,
  modelNamed,
  moeExperiment,
  moeFlops,
  multihot,
  output,
  Program,
  partition,
  type Quirks,
  reassemble,
  rowsOf,
  SelectorValue,
  shapeOf,
  simulateProgram,
  source,
  tile,
} from "../../src/index.ts";
import { scalars } from "../support/streams.ts";

function loadOf(tiles: number): Program {
  const program = new Program("load");
  program.tensor("w", { scalar: "f32", rows: 64, columns: 16 * tiles });
  const options = { id: "load", tensor: "w", tile: [64, 16], shape: [tiles], stride: [1] } as const;
  output(linearLoad(program, options), { id: "o" });
  return program;
}

const cycles = (program: Program, quirks: Partial<Quirks>): number =>
  simulateProgram(program, {}, { depth: 4, quirks }).report.cycles;

describe("habits of the published simulator", () => {
  it("a load waits for a tile before it asks for the next, or has two under way", () => {
    for (const tiles of [2, 10, 20]) {
      expect(cycles(loadOf(tiles), {})).toBe(tiles * (64 + 18) + 2);
      // With two under way the addresses follow each other without a gap.
      expect(cycles(loadOf(tiles), { loads: "two-tiles" })).toBe(tiles * 64 + 18 + 2);
    }
  });

  it("a routed tile has been read, or is still to be read", () => {
    const program = new Program("routed");
    program.tensor("w", { scalar: "f32", rows: 64, columns: 160 });
    const options = { id: "load", tensor: "w", tile: [64, 16], shape: [10], stride: [1] } as const;
    const loaded = linearLoad(program, options);
    const all = source(program, { id: "all", shape: shapeOf(1, 10), element: multihot(1) });
    const [routed] = partition(loaded, all, { id: "ways", rank: 0 });
    output(map(routed!, { id: "slow", fn: "exp" }), { id: "o" });
    const sources = { all: [...Array.from({ length: 10 }, () => new SelectorValue([0])), scalars("1.S1.D", 1)[1]!] };
    const busy = (quirks: Partial<Quirks>): number => {
      const { nodes } = simulateProgram(program, { sources }, { depth: 4, quirks }).report;
      return nodes.find(({ id }) => id === "slow")!.busy;
    };
    expect(busy({})).toBe(0);
    expect(busy({ routedTiles: "memory" })).toBe(10 * 64);
  });

  it("a reassemble takes groups in the order of the selector, or in that of their arrival, which the interpreter can follow", () => {
    const program = new Program("joined");
    const x = source(program, { id: "x", shape: shapeOf(4), element: tile("f32", 1, 1) });
    const s = source(program, { id: "s", shape: shapeOf(4), element: multihot(2) });
    const [first, second] = partition(x, s, { id: "ways", rank: 0 });
    // The first way is slow, so that its rows come later.
    const slow = map(map(first!, { id: "slow", fn: "scale", bandwidth: 1 }), {
      id: "slower",
      fn: "scale",
      bandwidth: 1,
    });
    const back = source(program, { id: "back", shape: shapeOf(4), element: multihot(2) });
    output(reassemble([slow, map(second!, { id: "tens", fn: "scale", parameter: 10 })], back, { id: "joined" }), {
      id: "o",
    });
    const both = Array.from({ length: 4 }, () => new SelectorValue([0, 1]));
    const sources = { x: scalars("1.2.3.4.D", 0), s: both, back: both };
    const run = (quirks: Partial<Quirks>) =>
      simulateProgram(program, { sources }, { depth: 4, mode: "functional", quirks });
    expect(run({}).outputs!.o!.join(".")).toBe("1.10.S1.2.20.S1.3.30.S1.4.40.S1");
    const arrived = run({ reassemble: "arrival" });
    expect(arrived.outputs!.o!.join(".")).toBe("10.1.S1.20.2.S1.30.3.S1.40.4.S1");
    expect(interpret(program, { sources, orders: arrived.orders }).outputs).toEqual(arrived.outputs);
  });

  it("operations of silu are counted as the published program does, or right", () => {
    const qwen = modelNamed("qwen");
    expect(moeFlops(1952, qwen, "artifact")).toBe(42_984_726_528);
    expect(moeFlops(1952, qwen, "correct")).toBe(1952 * 9_444_096);
    expect(rowsOf([5, 0, 32, 33], { kind: "static", rows: 32 })).toBe(32 + 0 + 32 + 64);
    expect(rowsOf([5, 0, 32, 33], { kind: "dynamic" })).toBe(70);
  });

  it("dynamic tiles get a faster machine as published, and the same one with equal settings", () => {
    const routing = Array.from({ length: 8 }, (_, token) => [token % 8, (token + 3) % 8]);
    const run = (settings: "published" | "equal") =>
      moeExperiment({ model: modelNamed("mixtral"), routing, tiling: { kind: "dynamic" }, tileInner: 1024, settings });
    expect(run("published").allocatedFlopsPerCycle).toBe(6400 * 49);
    expect(run("equal").allocatedFlopsPerCycle).toBe(4096 * 49);
  });
});

describe("folds of counts", () => {
  it("carry their values in timing runs too, as these may decide addresses", () => {
    const program = new Program("counts");
    const x = source(program, { id: "x", shape: shapeOf(2, 2), element: tile("u64", 1, 1) });
    const sums = accum(x, { id: "sums", fn: "add", rank: 1 });
    program.tensor("w", { scalar: "f32", rows: 8, columns: 1 });
    output(sums, { id: "o" });
    const { report } = simulateProgram(program, { sources: { x: scalars("1.2.S1.3.4.S1.D", 1) } });
    expect(report.deadlock).toBeNull();
  });
});
