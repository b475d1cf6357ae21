import { describe, expect, it } from "vitest";
import {
  expand,
  flatten,
  nameOf,
  parallelize,
  printShape,
  promote,
  ragged,
  regular,
  repeat,
  reshape,
  shapeOf,
  source,
  tile,
  zip,
} from "../../src/index.ts";
import { carried, run } from "../support/run.ts";
import { scalarSource, scalars, shown } from "../support/streams.ts";

const example = "1.2.S1.3.S2.4.S1.5.6.7.S2.D";

describe("flatten", () => {
  it("merges inner dimensions into a ragged one and outer ones into their total", () => {
    const { program, input } = scalarSource(2, [0]);
    const inner = flatten(input, { min: 0, max: 1, id: "inner" });
    const outer = flatten(input, { min: 1, max: 2, id: "outer" });
    const all = flatten(input, { min: 0, max: 2 });
    expect(printShape(inner.shape)).toBe("[D2, ~inner.n:sum(D0)]");
    expect(printShape(outer.shape)).toBe("[D1*D2, ~D0]".replace("D1*D2", "D1*D2"));
    expect(printShape(all.shape)).toBe("[sum(D0)]");
    expect(run(program, inner, example)).toBe("1.2.3.S1.4.5.6.7.S1.D");
    expect(run(program, outer, example)).toBe("1.2.S1.3.S1.4.S1.5.6.7.S1.D");
    expect(run(program, all, example)).toBe("1.2.3.4.5.6.7.D");
  });

  it("keeps the empty groups that remain and drops those that do not", () => {
    const { program, input } = scalarSource(2, [0, 1]);
    expect(run(program, flatten(input, { min: 0, max: 1 }), "1.S1.S1.2.S2.S2.3.S1.S2.D")).toBe("1.2.S1.S1.3.S1.D");
  });

  it("refuses dimensions that are not there", () => {
    const { input } = scalarSource(1);
    expect(() => flatten(input, { min: 0, max: 2, id: "f" })).toThrow(
      'flatten "f": it merges dims 0 to 2. input "x" [D1, D0]; flatten needs min ≤ max ≤ the rank of its input.',
    );
  });
});

describe("promote", () => {
  it("makes the whole stream one group, or none if it is empty", () => {
    const { program, input } = scalarSource(2, [0]);
    const outer = promote(input, { rank: 3 });
    expect(printShape(outer.shape)).toBe("[positive(D2), D2, D1, ~D0]");
    expect(run(program, outer, example)).toBe("1.2.S1.3.S2.4.S1.5.6.7.S3.D");
    expect(run(program, outer, "D")).toBe("D");
  });

  it("makes every element a group", () => {
    const { program, input } = scalarSource(2, [0]);
    const inner = promote(input, { rank: 0 });
    expect(printShape(inner.shape)).toBe("[D2, D1, ~D0, 1]");
    expect(run(program, inner, example)).toBe("1.S1.2.S2.3.S3.4.S2.5.S1.6.S1.7.S3.D");
  });

  it("adds a dimension in between", () => {
    const { program, input } = scalarSource(2, [0]);
    expect(run(program, promote(input, { rank: 2 }), example)).toBe("1.2.S1.3.S3.4.S1.5.6.7.S3.D");
    expect(run(program, promote(input, { rank: 1 }), example)).toBe("1.2.S2.3.S3.4.S2.5.6.7.S3.D");
  });

  it("refuses a rank that leaves a gap", () => {
    const { input } = scalarSource(0);
    expect(() => promote(input, { rank: 2, id: "p" })).toThrow("promote adds a dimension numbered 0 to 1 here");
  });
});

describe("reshape", () => {
  it("pads the last chunk and says which elements are padding", () => {
    const { program, input } = scalarSource(0);
    const { chunks, padding } = reshape(input, { chunk: 4, pad: -1 });
    expect(printShape(chunks.shape)).toBe("[ceil(D0/4), 4]");
    expect(run(program, chunks, "1.2.3.4.5.6.7.8.9.D")).toBe("1.2.3.4.S1.5.6.7.8.S1.9.-1.-1.-1.S1.D");
    expect(run(program, padding, "1.2.3.4.5.6.7.8.9.D")).toBe("0.0.0.0.S1.0.0.0.0.S1.0.1.1.1.S1.D");
    expect(run(program, chunks, "D")).toBe("D");
  });

  it("pads each group of a ragged dimension", () => {
    const { program, input } = scalarSource(1, [0]);
    const { chunks } = reshape(input, { chunk: 4 });
    expect(printShape(chunks.shape)).toBe("[D1, ~ceil(D0/4), 4]");
    expect(run(program, chunks, "1.2.3.4.5.S1.6.7.S1.D")).toBe("1.2.3.4.S1.5.0.0.0.S2.6.7.0.0.S2.D");
  });

  it("counts the chunks of one of several ways by themselves: it has not all groups of the symbol", () => {
    const { program, input } = scalarSource(1, [0]);
    const [, second] = parallelize(input, { ways: 2, rank: 1 });
    const { chunks } = reshape(second!, { chunk: 2, id: "pairs" });
    expect(printShape(chunks.shape)).toMatch(/^\[.*, ~ceil\(D0\/2\):pairs\.total, 2\]$/);
    expect(printShape(reshape(second!, { chunk: 1 }).chunks.shape)).toContain("~D0:");
    expect(run(program, chunks, "1.2.3.S1.4.5.6.S1.7.S1.D")).toBe("4.5.S1.6.0.S2.D");
  });

  it("splits an outer dimension that is static and divisible only", () => {
    const { program } = scalarSource(0);
    const x = source(program, { id: "y", shape: shapeOf(1, 4, 2), element: tile("f32", 1, 1) });
    const { chunks } = reshape(x, { chunk: 2, rank: 1 });
    expect(printShape(chunks.shape)).toBe("[1, 2, 2, 2]");
    const given = scalars("1.2.S1.3.4.S1.5.6.S1.7.8.S2.D", 2);
    expect(shown(carried(program, chunks, { x: [], y: given }))).toBe("1.2.S1.3.4.S2.5.6.S1.7.8.S3.D");
    expect(() => reshape(x, { chunk: 3, rank: 1, id: "r" })).toThrow(
      'reshape "r": 3 does not divide the 4 of dim 1. input "y" [1, 4, 2]; only the innermost dimension can be padded: any other must be static and divisible by the chunk.',
    );
    const { input } = scalarSource(1);
    expect(() => reshape(input, { chunk: 2, rank: 1 })).toThrow(expect.objectContaining({ code: "dimension-dynamic" }));
  });
});

describe("repeat and expand", () => {
  it("repeat every element in a new dimension", () => {
    const { program, input } = scalarSource(1, [0]);
    const repeated = repeat(input, { count: 3 });
    expect(printShape(repeated.shape)).toBe("[D1, ~D0, 3]");
    expect(run(program, repeated, "1.2.S1.3.S1.D")).toBe("1.1.1.S1.2.2.2.S2.3.3.3.S2.D");
    expect(run(program, repeated, "1.S1.S1.D")).toBe("1.1.1.S2.S2.D");
  });

  it("repeat elements after a reference", () => {
    const { program } = scalarSource(0);
    const shape = [regular(2), ragged(program.symbol("L").text)];
    const reference = source(program, { id: "r", shape, element: tile("f32", 1, 1) });
    const data = source(program, { id: "d", shape: shapeOf(2, 1), element: tile("f32", 1, 1) });
    const given = { x: [], r: scalars("0.0.0.S1.0.S1.D", 1), d: scalars("7.S1.8.S1.D", 1) };
    const expanded = expand(data, reference, { rank: 0 });
    expect(printShape(expanded.shape)).toBe("[2, ~L]");
    expect(shown(carried(program, expanded, given))).toBe("7.7.7.S1.8.S1.D");
    const empty = { ...given, r: scalars("S1.0.0.S1.D", 1) };
    expect(shown(carried(program, expanded, empty))).toBe("S1.8.8.S1.D");
  });

  it("refuse a dimension to be replaced that is not 1", () => {
    const { program, input } = scalarSource(1, [0]);
    const reference = source(program, { id: "r", shape: input.shape, element: input.element });
    expect(() => expand(input, reference, { rank: 0, id: "e" })).toThrow(
      'expand "e": dim 0 of its input is D0, not 1. input "x" [D1, ~D0]; expand replaces dimensions of 1 by those of its reference. Hint: promote the input at that rank first.',
    );
  });
});

describe("zip", () => {
  it("refuses streams of different shapes and names node, dimension, shapes and rule", () => {
    const { program, input } = scalarSource(1);
    const flat = flatten(input, { min: 0, max: 1, id: "flat" });
    const other = source(program, { id: "other", shape: shapeOf(program.symbol("D1"), 4), element: input.element });
    expect(nameOf(other)).toBe("other");
    expect(() => zip(input, other, { id: "z" })).toThrow(
      'zip "z": inputs disagree at dim 0 of 2. left "x" [D1, D0]; right "other" [D1, 4]; zip needs equal shapes. Hint: if D0 and 4 are always equal, assert it.',
    );
    expect(() => zip(flat, input, { id: "y" })).toThrow(
      'zip "y": inputs disagree in rank: 0 and 1. left "flat" [D0*D1]; right "x" [D1, D0]; zip needs equal shapes. Hint: flatten or promote one of them.',
    );
    program.assertSame(input.shape[1]!.extent, other.shape[1]!.extent);
    expect(printShape(zip(input, other).shape)).toBe("[D1, 4]");
  });
});
