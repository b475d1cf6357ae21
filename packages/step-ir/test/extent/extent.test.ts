import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  boundsOf,
  ceilDivide,
  constant,
  type Extent,
  evaluate,
  floorDivide,
  maximum,
  multiply,
  positive,
  StepError,
  substitute,
  subtract,
  sumOverGroups,
  symbol,
  symbolsOf,
} from "../../src/index.ts";

const [a, b] = [symbol("A"), symbol("B")];

describe("extents", () => {
  it("are the same object exactly if they are equal", () => {
    expect(add(multiply(2, a), multiply(b, 3), a)).toBe(add(multiply(3, b), multiply(a, 3)));
    expect(multiply(add(a, 1), subtract(a, 1))).toBe(subtract(multiply(a, a), 1));
    expect(add(a, b)).not.toBe(multiply(a, b));
  });

  it("take whole multiples out of a rounded division", () => {
    expect(ceilDivide(add(multiply(32, a), 5), 16)).toBe(add(multiply(2, a), 1));
    expect(floorDivide(add(multiply(32, a), 5), 16)).toBe(multiply(2, a));
    expect(ceilDivide(a, 16).text).toBe("ceil(A/16)");
    expect(ceilDivide(add(a, 3), 16).text).toBe("ceil((A + 3)/16)");
    expect(ceilDivide(ceilDivide(a, 2), 4)).toBe(ceilDivide(a, 8));
  });

  it("drop an indicator beside what is zero whenever it is", () => {
    expect(multiply(positive(a), a)).toBe(a);
    expect(multiply(positive(a), ceilDivide(a, 4))).toBe(ceilDivide(a, 4));
    expect(multiply(positive(a), positive(a))).toBe(positive(a));
    expect(multiply(positive(a), b).text).toBe("B*positive(A)");
    expect(positive(add(a, 1))).toBe(constant(1));
  });

  it("refuse what cannot be counted exactly", () => {
    expect(() => multiply(2 ** 40, 2 ** 40)).toThrow(expect.objectContaining({ code: "extent-overflow" }));
    expect(() => constant(0.5)).toThrow(StepError);
    expect(() => ceilDivide(a, 0)).toThrow("cannot divide A by 0");
    expect(() => symbol("2x")).toThrow(expect.objectContaining({ code: "extent-value" }));
  });

  it("name the symbol that has no value", () => {
    expect(() => evaluate(add(a, b), new Map([["A", 1]]))).toThrow("B has no value: bind it to a number");
    expect(() => evaluate(a, new Map([["A", [1, 2]]]))).toThrow("bound to one size per group");
  });

  it("sum over the groups of a ragged dimension", () => {
    const tiles = sumOverGroups(ceilDivide(a, 4));
    expect(evaluate(tiles, new Map([["A", [6, 4, 0, 9]]]))).toBe(2 + 1 + 0 + 3);
    expect(evaluate(tiles, new Map([[tiles.text, 11]]))).toBe(11);
    expect(() => evaluate(tiles, new Map())).toThrow("sum(ceil(A/4)) has no value");
  });

  it("list their symbols and are replaced in", () => {
    const extent = maximum(ceilDivide(multiply(a, b), 4), a);
    expect(symbolsOf(extent)).toEqual(["A", "B"]);
    expect(
      substitute(
        extent,
        new Map([
          ["A", constant(2)],
          ["B", constant(10)],
        ]),
      ),
    ).toBe(constant(5));
  });
});

const expression: fc.Arbitrary<Extent> = fc.letrec<{ any: Extent }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(a, b, constant(0), constant(1), constant(7)),
    fc.tuple(tie("any"), tie("any")).map(([x, y]) => add(x, y)),
    fc.tuple(tie("any"), tie("any")).map(([x, y]) => multiply(x, y)),
    fc.tuple(tie("any"), fc.integer({ min: 1, max: 9 })).map(([x, n]) => ceilDivide(x, n)),
    fc.tuple(tie("any"), fc.integer({ min: 1, max: 9 })).map(([x, n]) => floorDivide(x, n)),
    fc.tuple(tie("any"), tie("any")).map(([x, y]) => maximum(x, y)),
    tie("any").map((x) => positive(x)),
  ),
})).any;

describe("evaluating an extent", () => {
  it("agrees with replacing its symbols, and stays within its bounds", () => {
    const size = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(expression, size, size, (extent, x, y) => {
        const value = evaluate(
          extent,
          new Map([
            ["A", x],
            ["B", y],
          ]),
        );
        const replaced = substitute(
          extent,
          new Map([
            ["A", constant(x)],
            ["B", constant(y)],
          ]),
        );
        expect(replaced.value).toBe(value);
        const { least, most } = boundsOf(
          extent,
          new Map([
            ["A", { least: 0, most: 20 }],
            ["B", { least: 0, most: 20 }],
          ]),
        );
        expect(value).toBeGreaterThanOrEqual(least);
        expect(value).toBeLessThanOrEqual(most);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it("is compatible with the arithmetic of numbers", () => {
    const size = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(expression, expression, size, size, (p, q, x, y) => {
        const at = new Map([
          ["A", x],
          ["B", y],
        ]);
        const [left, right] = [evaluate(p, at), evaluate(q, at)];
        expect(evaluate(multiply(p, q), at)).toBe(left * right);
        expect(evaluate(subtract(p, q), at)).toBe(left - right);
        expect(evaluate(maximum(p, q), at)).toBe(Math.max(left, right));
        expect(evaluate(ceilDivide(p, 3), at)).toBe(Math.ceil(left / 3) + 0);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
