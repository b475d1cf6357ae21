import { describe, expect, it } from "vitest";
import {
  accum,
  add,
  addressType,
  cacheAddresses,
  closeFeedback,
  eagerMerge,
  evaluate,
  expertAddresses,
  flatten,
  interpret,
  lastTile,
  linearLoad,
  linearLoadPer,
  linearStore,
  map2,
  multihot,
  output,
  Program,
  partition,
  placeholder,
  printShape,
  ragged,
  randomLoad,
  randomStore,
  regular,
  SelectorValue,
  scalar,
  shapeOf,
  source,
  tile,
  type Value,
} from "../../src/index.ts";
import { carried } from "../support/run.ts";
import { scalarSource, scalars, shown } from "../support/streams.ts";

const counting = (length: number): Float64Array => Float64Array.from({ length }, (_, place) => place);

describe("off-chip operators", () => {
  it("load tiles in an affine order, once or per reference element", () => {
    const program = new Program("loads");
    program.tensor("w", { scalar: "f32", rows: 2, columns: 6 });
    const once = linearLoad(program, { tensor: "w", tile: [1, 1], shape: [2, 3], stride: [1, 6] });
    expect(printShape(once.shape)).toBe("[1, 2, 3]");
    output(once, { id: "once" });
    const r = source(program, { id: "r", shape: [regular(program.symbol("B"))], element: addressType });
    output(linearLoadPer(r, { tensor: "w", tile: [1, 1], shape: [2], stride: [7] }), { id: "per" });
    const { outputs } = interpret(program, { sources: { r: scalars("8.8.D", 0) }, tensors: { w: counting(12) } });
    // Tile 12 is tile 0 again.
    expect(shown(outputs.once)).toBe("0.6.0.S1.1.7.1.S2.D");
    expect(shown(outputs.per)).toBe("0.7.S1.0.7.S1.D");
  });

  it("store tiles one after the other or by address, and load them by address", () => {
    const program = new Program("stores");
    program.tensor("t", { scalar: "f32", rows: 4, columns: 1 });
    program.tensor("u", { scalar: "f32", rows: 4, columns: 1 });
    const x = source(program, { id: "x", shape: shapeOf(2), element: tile("f32", 1, 1) });
    const a = source(program, { id: "a", shape: shapeOf(2), element: addressType });
    linearStore(x, { tensor: "t", base: 1 });
    output(randomStore(a, x, { tensor: "u" }), { id: "acks" });
    output(randomLoad(a, { tensor: "t", tile: [1, 1] }), { id: "old" });
    const run = (addresses: string) =>
      interpret(program, { sources: { x: scalars("5.6.D", 0), a: scalars(addresses, 0) } });
    const { outputs, tensors } = run("3.0.D");
    expect([...tensors.t!]).toEqual([0, 5, 6, 0]);
    expect([...tensors.u!]).toEqual([6, 0, 0, 5]);
    expect(shown(outputs.acks)).toBe("1.1.D");
    expect(() => run("3.4.D")).toThrow("address 4 is not a tile; there are 4");
  });

  it("need tiles that cover the tensor", () => {
    const program = new Program("tiles");
    program.tensor("w", { scalar: "f32", rows: 4, columns: 6 });
    const load =
      (tileSize: [number, number], tensor = "w") =>
      () =>
        linearLoad(program, { id: "l", tensor, tile: tileSize, shape: [1], stride: [1] });
    expect(load([3, 2])).toThrow(
      "linear-load \"l\": tiles of [3, 2] do not cover tensor 'w' of [4, 6]. a tile has rows and columns that divide those of the tensor.",
    );
    expect(load([1, 1], "v")).toThrow("linear-load \"l\": no tensor 'v'; known: w");
  });
});

describe("address generators", () => {
  it("list tiles of experts and of cache rows, and tell the last tile", () => {
    const program = new Program("addresses");
    const e = source(program, { id: "e", shape: shapeOf(2), element: multihot(4) });
    const n = source(program, { id: "n", shape: shapeOf(3), element: addressType });
    const r = source(program, { id: "r", shape: shapeOf(3), element: addressType });
    const sources = {
      e: [2, 0].map((one) => new SelectorValue([one])),
      n: scalars("2.0.1.D", 0),
      r: scalars("5.6.7.D", 0),
    };
    const text = (stream: Parameters<typeof carried>[1]): string => shown(carried(program, stream, sources));
    expect(text(expertAddresses(e, { tiles: 3, base: 10 }))).toBe("16.17.18.S1.10.11.12.S1.D");
    expect(text(cacheAddresses(r, n, { stride: 10 }))).toBe("50.51.S1.S1.70.S1.D");
    expect(text(lastTile(n))).toBe("{1}.{0}.S1.S1.{0}.S1.D");
    expect(text(map2(r, n, { fn: "row-address", parameter: 10 }))).toBe("52.60.71.D");
  });
});

describe("the interpreter", () => {
  it("measures what the symbols of a program stood for", () => {
    const { program, input } = scalarSource(2, [0]);
    const flat = flatten(input, { min: 0, max: 1 });
    output(accum(flat, { fn: "add", rank: 1 }), { id: "out" });
    const { measured, outputs } = interpret(program, { sources: { x: scalars("1.2.S1.3.S2.4.S1.5.6.7.S2.D", 2) } });
    expect(shown(outputs.out)).toBe("6.22.D");
    expect(measured.get("D0")).toEqual([2, 1, 1, 3]);
    expect(evaluate(add(flat.shape[1]!.total!, 1), measured)).toBe(8);
  });

  it("refuses streams that break an extent the program relies on", () => {
    const program = new Program("extents");
    const x = source(program, { id: "x", shape: shapeOf(program.symbol("B"), 2), element: tile("f32", 1, 1) });
    const y = source(program, { id: "y", shape: shapeOf(program.symbol("B")), element: tile("f32", 1, 1) });
    output(x, { id: "ox" });
    output(y, { id: "oy" });
    const run = (a: string, b: string) => () => interpret(program, { sources: { x: scalars(a, 1), y: scalars(b, 0) } });
    expect(run("1.2.S1.3.S1.D", "1.2.D")).toThrow('stream "x", dim 0: 2, but a group had 1 elements');
    expect(run("1.2.S1.D", "1.2.D")).toThrow('stream "y", dim 0: B is 1, but a group had 2 elements');
  });

  it("runs a cycle through a placeholder", () => {
    // The merge serves x and what comes back; the partition sends the first two rounds back.
    const program = new Program("cycle");
    const back = placeholder(program, {
      id: "back",
      shape: [regular(program.symbol("R"))],
      element: tile("f32", 1, 1),
    });
    const x = source(program, { id: "x", shape: shapeOf(1), element: tile("f32", 1, 1) });
    const s = source(program, { id: "s", shape: shapeOf(3), element: multihot(2) });
    const { merged } = eagerMerge([back, x], { id: "m" });
    program.assertSame(program.symbol("R"), add(2));
    const [again, done] = partition(merged, s, { rank: 0, id: "p" });
    program.assertSame(again!.shape[0]!.extent, add(2));
    closeFeedback(back, map2(again!, again!, { fn: "add" }));
    output(done!, { id: "out" });
    const sources = { x: [scalar(5)], s: [[0], [0], [1]].map((chosen) => new SelectorValue(chosen)) };
    expect(shown(interpret(program, { sources, orders: { m: [1, 0, 0] } }).outputs.out)).toBe("20.D");
  });

  it("names the nodes of a program that waits for itself", () => {
    const program = new Program("stuck");
    const back = placeholder(program, { id: "back", shape: shapeOf(1), element: tile("f32", 1, 1) });
    closeFeedback(back, map2(back, back, { fn: "add", id: "double" }));
    expect(() => interpret(program)).toThrow('nothing can go on: "back", "double" wait for streams that never come');
    const open = new Program("open");
    placeholder(open, { id: "back", shape: shapeOf(1), element: tile("f32", 1, 1) });
    expect(() => interpret(open)).toThrow('placeholder "back" is not fed: close it with a stream');
  });

  it("refuses inputs that are missing, malformed or of another type, and too much work", () => {
    const { program, input } = scalarSource(1);
    output(input, { id: "o" });
    expect(() => interpret(program)).toThrow('source "x" got no stream');
    expect(() => interpret(program, { sources: { x: [scalar(1)] } })).toThrow(
      'source "x": the stream ends inside a group',
    );
    const wide: Value = new SelectorValue([0]);
    expect(() => interpret(program, { sources: { x: [wide, scalars("S1.D", 1)[0]!] } })).toThrow(
      'source "x" got a selector {0} where f32[1, 1] is due',
    );
    expect(() => interpret(program, { sources: { x: scalars("1.2.S1.D", 1) }, maximumSlots: 1 })).toThrow(
      expect.objectContaining({ code: "too-much-work" }),
    );
    expect(() => interpret(program, { tensors: { w: counting(1) } })).toThrow("the program has no tensor 'w'");
    expect(ragged("L").extent.text).toBe("L");
  });
});
