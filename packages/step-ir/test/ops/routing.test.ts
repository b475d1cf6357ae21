import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  broadcast,
  eagerMerge,
  encodeTokens,
  interpret,
  map,
  multihot,
  output,
  Program,
  parallelize,
  partition,
  printShape,
  ragged,
  reassemble,
  regular,
  SelectorValue,
  scalar,
  shapeOf,
  source,
  stop,
  type Token,
  tile,
  type Value,
} from "../../src/index.ts";
import { carried } from "../support/run.ts";
import { scalars, shown } from "../support/streams.ts";

const selectors = (...chosen: number[][]): Token<Value>[] => chosen.map((one) => new SelectorValue(one));

function routed(rows: number, ways: number) {
  const program = new Program("routed");
  const x = source(program, { id: "x", shape: shapeOf(rows), element: tile("f32", 1, 1) });
  const s = source(program, { id: "s", shape: shapeOf(rows), element: multihot(ways) });
  return { program, x, s };
}

describe("partition and reassemble", () => {
  it("send rows where selectors say, and bring them back in groups", () => {
    const { program, x, s } = routed(4, 3);
    const parts = partition(x, s, { rank: 0, id: "p" });
    expect(parts.map((part) => printShape(part.shape))).toEqual(["[s.n0]", "[s.n1]", "[s.n2]"]);
    const given = { x: scalars("0.1.2.3.D", 0), s: selectors([0, 2], [1], [0], [1, 2]) };
    expect(parts.map((part) => shown(carried(program, part, given)))).toEqual(["0.2.D", "1.3.D", "0.3.D"]);
    const groups = reassemble(parts, s, { id: "r" });
    expect(printShape(groups.shape)).toBe("[4, ~r.n:(s.n0 + s.n1 + s.n2)]");
    expect(shown(carried(program, groups, given))).toBe("0.0.S1.1.S1.2.S1.3.3.S1.D");
  });

  it("move whole groups, and never interleave them", () => {
    const program = new Program("groups");
    const shape = [regular(2), ragged(program.symbol("L").text)];
    const x = source(program, { id: "x", shape, element: tile("f32", 1, 1) });
    const s = source(program, { id: "s", shape: shapeOf(2), element: multihot(2) });
    const parts = partition(x, s, { rank: 1 });
    const given = { x: scalars("1.2.S1.3.S1.D", 1), s: selectors([0, 1], [1]) };
    expect(parts.map((part) => shown(carried(program, part, given)))).toEqual(["1.2.S1.D", "1.2.S1.3.S1.D"]);
    const back = reassemble(parts, s);
    expect(shown(carried(program, back, given))).toBe("1.2.S1.1.2.S2.3.S2.D");
  });

  it("of mapped rows equal the mapped rows repeated by weight, in 1000 cases", () => {
    const cases = fc
      .integer({ min: 1, max: 5 })
      .chain((ways) =>
        fc.tuple(
          fc.constant(ways),
          fc.array(
            fc.tuple(fc.integer({ min: -9, max: 9 }), fc.subarray(Array.from({ length: ways }, (_, way) => way))),
            { maxLength: 8 },
          ),
        ),
      );
    fc.assert(
      fc.property(cases, ([ways, rows]) => {
        const { program, x, s } = routed(rows.length, ways);
        const mapped = partition(x, s, { rank: 0 }).map((part) => map(part, { fn: "square" }));
        output(reassemble(mapped, s), { id: "out" });
        const sources = { x: rows.map(([row]) => scalar(row)), s: selectors(...rows.map(([, chosen]) => chosen)) };
        const expected = encodeTokens(
          rows.map(([row, chosen]) => chosen.map(() => row * row)),
          1,
        );
        expect(shown(interpret(program, { sources }).outputs.out)).toBe(expected.concat("D" as never).join("."));
      }),
      { seed: 9, numRuns: 1000 },
    );
  });

  it("refuse selectors that do not fit", () => {
    const { program, x, s } = routed(4, 3);
    const short = source(program, { id: "t", shape: shapeOf(3), element: multihot(3) });
    expect(() => partition(x, short, { rank: 0, id: "p" })).toThrow(
      'partition "p": groups and selectors disagree at dim 0 of the selector. input "x" [4]; selector "t" [3]; partition needs one selector per group: the dimensions outside \'rank\' are those of the selector.',
    );
    expect(() => partition(x, x, { rank: 0, id: "q" })).toThrow(
      'partition "q": input "x" has elements f32[1, 1]. partition takes selectors there.',
    );
    const [first] = partition(x, s, { rank: 0 });
    output(first!, { id: "o" });
    const sources = { x: scalars("0.1.2.3.D", 0), s: selectors([0], [1], [0], [3]), t: selectors([], [], []) };
    expect(() => interpret(program, { sources })).toThrow(
      'source "s" got the selector {3}; multihot(3) holds ascending numbers below 3',
    );
  });
});

describe("eager-merge", () => {
  it("follows a recorded order, or takes the lowest input", () => {
    const program = new Program("merge");
    const [a, b] = ["a", "b"].map((id) =>
      source(program, { id, shape: [regular(program.symbol(id))], element: tile("f32", 1, 1) }),
    );
    const { merged, selector } = eagerMerge([a!, b!], { id: "m" });
    output(merged, { id: "data" });
    output(selector, { id: "from" });
    const sources = { a: scalars("1.2.3.D", 0), b: scalars("9.D", 0) };
    const told = interpret(program, { sources, orders: { m: [1, 0, 0, 0] } }).outputs;
    expect([shown(told.data), shown(told.from)]).toEqual(["9.1.2.3.D", "{1}.{0}.{0}.{0}.D"]);
    expect(shown(interpret(program, { sources }).outputs.data)).toBe("1.2.3.9.D");
  });

  it("takes whole groups of any size, and adds up their totals", () => {
    const program = new Program("merge");
    const [a, b] = ["a", "b"].map((id) => {
      return source(program, {
        id,
        shape: [regular(1), ragged(program.symbol(`${id}L`).text)],
        element: tile("f32", 1, 1),
      });
    });
    const { merged } = eagerMerge([a!, b!], { id: "m" });
    expect(printShape(merged.shape)).toBe("[2, ~m.inner0:(sum(aL) + sum(bL))]");
    const given = { a: scalars("1.2.S1.D", 1), b: scalars("3.S1.D", 1) };
    expect(shown(carried(program, merged, given))).toBe("1.2.S1.3.S1.D");
  });
});

describe("parallelize and broadcast", () => {
  it("deal groups out in turn", () => {
    const program = new Program("deal");
    const B = program.symbol("B");
    const x = source(program, { id: "x", shape: [regular(B)], element: tile("f32", 1, 1) });
    const ways = parallelize(x, { rank: 0, ways: 3 });
    expect(ways.map((way) => printShape(way.shape))).toEqual(["[ceil(B/3)]", "[ceil((B - 1)/3)]", "[ceil((B - 2)/3)]"]);
    expect(ways.map((way) => shown(carried(program, way, { x: scalars("0.1.2.3.D", 0) })))).toEqual([
      "0.3.D",
      "1.D",
      "2.D",
    ]);
    expect(ways.map((way) => shown(carried(program, way, { x: scalars("0.D", 0) })))).toEqual(["0.D", "D", "D"]);
  });

  it("copy a stream", () => {
    const { program, x } = routed(2, 1);
    const [a, b] = broadcast(x, { copies: 2 });
    const given = { x: scalars("5.6.D", 0), s: selectors([0], [0]) };
    expect([a!, b!].map((one) => shown(carried(program, one, given)))).toEqual(["5.6.D", "5.6.D"]);
    expect(stop(1)).toBe(stop(1));
  });
});
