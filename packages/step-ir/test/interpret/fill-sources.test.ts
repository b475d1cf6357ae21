import { describe, expect, it } from "vitest";
import {
  addressType,
  fillSources,
  moe,
  multihot,
  Program,
  printTokens,
  ragged,
  routingTrace,
  shapeOf,
  source,
  tile,
} from "../../src/index.ts";

describe("sources from lists", () => {
  it("are those of a routing trace, whichever level a source needs", () => {
    const routing = [
      [3, 0],
      [1, 2],
      [0, 3],
    ];
    const program = moe({
      batch: 3,
      experts: 4,
      chosen: 2,
      hidden: 4,
      inner: 4,
      tileInner: 2,
      tiling: { kind: "dynamic" },
    });
    expect(fillSources(program, { "*": routing })).toEqual(routingTrace(routing, 4).sources);
  });

  it("may be ragged, text, or tiles", () => {
    const program = new Program("p");
    program.symbol("B");
    const shape = [...shapeOf(program.symbol("B")), ragged("L")];
    source(program, { id: "a", shape, element: addressType });
    source(program, { id: "b", shape, element: addressType });
    source(program, { id: "t", shape: shapeOf(1, 2), element: tile("f32", 2, 2) });
    const streams = fillSources(program, {
      a: [[1, 2], [], [3]],
      b: "1.2.S1.3.S1.D",
      t: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    });
    expect(printTokens(streams.a!)).toBe("1.2.S1.S1.3.S1.D");
    expect(printTokens(streams.b!)).toBe("1.2.S1.3.S1.D");
    expect(printTokens(streams.t!)).toBe("<2×2>.<2×2>.S1.D");
  });

  it("that are missing, unknown or of other dimensions are named", () => {
    const program = new Program("p");
    source(program, { id: "a", shape: shapeOf(1, 2), element: addressType });
    source(program, { id: "s", shape: shapeOf(2), element: multihot(2) });
    expect(() => fillSources(program, { a: [1, 2] })).toThrow('source "s" got no stream; it is [2] of multihot(2)');
    expect(() => fillSources(program, { b: [1] })).toThrow("the program has no source 'b'; its sources are: a, s");
    expect(() => fillSources(program, { a: 7, s: [0, 1] })).toThrow(
      'source "a" got a list of 0 levels, which does not fit [1, 2] of u64[1, 1]',
    );
    expect(() => fillSources(program, { a: "1.x.S1.D", s: [0, 1] })).toThrow(
      "source \"a\" got 'x' where a number is due",
    );
  });
});
