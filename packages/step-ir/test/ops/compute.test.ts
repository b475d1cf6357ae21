import { describe, expect, it } from "vitest";
import {
  accum,
  accum2,
  flatMap,
  map,
  map2,
  Program,
  printElement,
  printShape,
  scan,
  shapeOf,
  source,
  stop,
  TileValue,
  tile,
  tileOf,
  type Value,
  zip,
} from "../../src/index.ts";
import { carried, run } from "../support/run.ts";
import { scalarSource } from "../support/streams.ts";

const example = "1.2.S1.3.S2.4.S1.5.6.7.S2.D";

describe("accum and scan", () => {
  it("fold the inner dimensions; an empty group gives the initial value", () => {
    const { program, input } = scalarSource(2, [0]);
    const sums = accum(input, { fn: "add", rank: 1 });
    expect(printShape(sums.shape)).toBe("[D2, D1]");
    expect(run(program, sums, example)).toBe("3.3.S1.4.18.S1.D");
    expect(run(program, accum(input, { fn: "add", rank: 2 }), example)).toBe("6.22.D");
    expect(run(program, sums, "S1.1.S2.D")).toBe("0.1.S1.D");
  });

  it("give running values that start anew with each group", () => {
    const { program, input } = scalarSource(2, [0]);
    expect(run(program, scan(input, { fn: "add", rank: 1 }), example)).toBe("1.3.S1.3.S2.4.S1.5.11.18.S2.D");
    expect(run(program, scan(input, { fn: "add", rank: 2 }), example)).toBe("1.3.S1.6.S2.4.S1.9.15.22.S2.D");
  });

  it("refuse to fold the outermost dimension, which nothing ends", () => {
    const { input } = scalarSource(1);
    expect(() => accum(input, { fn: "add", rank: 2, id: "a" })).toThrow(
      'accum "a": rank 2 is above the rank 1 of its input. input "x" [D1, D0]; accum works on the 2 innermost dimensions and leaves at least one.',
    );
  });

  it("join tiles row by row, with the rows of the group as extent", () => {
    const program = new Program("rows");
    const x = source(program, { id: "x", shape: shapeOf(1, 3), element: tile("f32", 1, 2) });
    const joined = accum(x, { fn: "retile-rows", rank: 1 });
    expect(printElement(joined.element)).toBe("f32[3, 2]");
    const rows: Value[] = [tileOf([[1, 2]]), tileOf([[3, 4]]), new TileValue(1, 2, new Float64Array(2), 0)];
    const [tile3] = carried(program, joined, { x: [...rows, stop(1)] }) as TileValue[];
    expect([...tile3!.numbers]).toEqual([1, 2, 3, 4, 0, 0]);
    expect(tile3!.validRows).toBe(2);
    const valid = flatMap(joined, { fn: "split-valid-rows" });
    expect(carried(program, valid, { x: [...rows, stop(1)] }).length).toBe(2);
  });
});

describe("map", () => {
  it("multiplies matrices, also transposed, and adds products up", () => {
    const program = new Program("products");
    const a = source(program, { id: "a", shape: shapeOf(1, 2), element: tile("f32", 2, 2) });
    const b = source(program, { id: "b", shape: shapeOf(1, 2), element: tile("f32", 2, 2) });
    const left = tileOf([
      [1, 2],
      [3, 4],
    ]);
    const right = tileOf([
      [5, 6],
      [7, 8],
    ]);
    const given = { a: [left, right, stop(1)], b: [right, left, stop(1)] };
    const numbers = (stream: Parameters<typeof carried>[1]): number[][] =>
      carried(program, stream, given).flatMap((value) => (value instanceof TileValue ? [[...value.numbers]] : []));
    expect(numbers(map2(a, b, { fn: "matmul" }))).toEqual([
      [19, 22, 43, 50],
      [23, 34, 31, 46],
    ]);
    expect(numbers(map2(a, b, { fn: "matmul-transposed" }))).toEqual([
      [17, 23, 39, 53],
      [17, 39, 23, 53],
    ]);
    expect(numbers(accum2(a, b, { fn: "matmul", rank: 1 }))).toEqual([[42, 56, 74, 96]]);
    expect(numbers(map(zip(a, b), { fn: "subtract" }))).toEqual([
      [-4, -4, -4, -4],
      [4, 4, 4, 4],
    ]);
  });

  it("stretches an extent of 1 and refuses others", () => {
    const program = new Program("stretch");
    const a = source(program, { id: "a", shape: shapeOf(2), element: tile("f32", 4, 1) });
    const b = source(program, { id: "b", shape: shapeOf(2), element: tile("f32", 1, 3) });
    const c = source(program, { id: "c", shape: shapeOf(2), element: tile("f32", 2, 3) });
    expect(printElement(map2(a, b, { fn: "multiply" }).element)).toBe("f32[4, 3]");
    expect(() => map2(a, c, { fn: "multiply", id: "m" })).toThrow(
      'map "m": multiply needs tiles with equal rows, or 1 of them; got 4 and 2',
    );
    expect(() => map(a, { fn: "silo", id: "s" })).toThrow(`map "s": map has no function 'silo'; did you mean 'silu'?`);
    expect(() => map(a, { fn: "add", id: "t" })).toThrow('map "t": add takes 2 arguments, got 1');
  });
});

describe("flat-map", () => {
  it("gives each argument a group of its results, empty ones too", () => {
    const { program, input } = scalarSource(1, [0]);
    const counted = flatMap(input, { fn: "range", rank: 1, id: "c" });
    expect(printShape(counted.shape)).toBe("[D1, ~D0, ~c.n]");
    expect(run(program, counted, "2.3.S1.D")).toBe("0.1.S1.0.1.2.S2.D");
    expect(run(program, counted, "0.2.S1.0.S1.D")).toBe("S1.0.1.S2.S2.D");
  });

  it("puts results one after the other without a rank", () => {
    const { program, input } = scalarSource(1, [0]);
    const counted = flatMap(input, { fn: "range" });
    expect(run(program, counted, "2.0.3.0.S1.0.S1.D")).toBe("0.1.0.1.2.S1.S1.D");
  });
});
