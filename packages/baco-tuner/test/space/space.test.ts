import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/numeric/random.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { neighboursOf } from "../../src/space/neighbours.ts";
import type { Parameter } from "../../src/space/parameter.ts";

const divisors = [1, 2, 3, 6];
const pair = createSpace([
  { kind: "ordinal", name: "b", values: divisors },
  { kind: "ordinal", name: "a", values: divisors, constraints: ["a % b == 0"] },
]);

/** Chi-square of 100,000 draws against the probabilities, by "b,a". */
function chiSquare(how: "uniform" | "biased", probability: (b: number, a: number) => number): number {
  const random = new Random(1);
  const counts = new Map<string, number>();
  for (let i = 0; i < 100_000; i++) {
    const { b, a } = pair.configAt(pair.draw(random, how));
    counts.set(`${b},${a}`, (counts.get(`${b},${a}`) ?? 0) + 1);
  }
  let sum = 0;
  for (const b of divisors) {
    for (const a of divisors.filter((each) => each % b === 0)) {
      const wanted = 100_000 * probability(b, a);
      sum += ((counts.get(`${b},${a}`) ?? 0) - wanted) ** 2 / wanted;
    }
  }
  return sum;
}

describe("drawing from a chain of trees", () => {
  it("is uniform over the leaves", () => {
    expect(pair.size).toBe(9n);
    expect(chiSquare("uniform", () => 1 / 9)).toBeLessThan(26.1);
  });

  it("is uniform at each step when biased", () => {
    const children = (b: number) => divisors.filter((each) => each % b === 0).length;
    expect(chiSquare("biased", (b) => 1 / 4 / children(b))).toBeLessThan(26.1);
  });

  it("by the priors prefers what they prefer", () => {
    const space = createSpace([
      { kind: "ordinal", name: "x", values: [1, 2, 3], prior: { kind: "weights", weights: [0, 1, 3] } },
    ]);
    const random = new Random(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 4000; i++) counts[space.draw(random, "prior")[0]!]! += 1;
    expect(counts[0]).toBe(0);
    expect(counts[2]! / counts[1]!).toBeGreaterThan(2.7);
    expect(counts[2]! / counts[1]!).toBeLessThan(3.3);
  });

  it("gives distinct points until there are no more", () => {
    const taken = new Set<number | string>();
    for (let i = 1; i <= 9; i++) {
      const [point] = pair.sample(1, new Random(1, i), { taken });
      taken.add(pair.keyOf(point!));
      expect(taken.size).toBe(i);
    }
    expect(pair.sample(1, new Random(2), { taken })).toEqual([]);
    expect(pair.sample(20, new Random(2))).toHaveLength(9);
  });

  it("meets constraints on reals by rejection", () => {
    const space = createSpace([
      { kind: "real", name: "x", minimum: 0, maximum: 1 },
      { kind: "integer", name: "n", minimum: 1, maximum: 4, constraints: ["x * n <= 1", "n != 3"] },
    ]);
    expect(space.size).toBeNull();
    for (const point of space.sample(200, new Random(5))) {
      const { x, n } = space.configAt(point) as { x: number; n: number };
      expect(x * n <= 1 && n !== 3).toBe(true);
    }
  });
});

describe("a space", () => {
  it("says why a configuration is no member", () => {
    expect(pair.locate({ a: 6, b: 4 })).toEqual({
      message: "4 is no value of b: expected one of 1, 2, 3, 6",
      parameter: "b",
    });
    expect(pair.locate({ a: 6 })).toMatchObject({ message: "the configuration has no b" });
    expect(pair.locate({ a: 2, b: 3 })).toEqual({ message: 'the constraint "a % b == 0" does not hold' });
    expect(pair.locate({ a: 6, b: 3 })).toEqual(Float64Array.of(2, 3));
  });

  it("names every fault of its parameters at once", () => {
    const faulty: Parameter[] = [
      { kind: "ordinal", name: "x", values: [] },
      { kind: "integer", name: "x", minimum: 0, maximum: 4, transform: "log" },
      { kind: "permutation", name: "p", size: 13 },
      { kind: "real", name: "r", minimum: 0, maximum: Number.NaN },
    ];
    expect(() => createSpace(faulty)).toThrow(/no values[\s\S]*same name[\s\S]*log needs[\s\S]*no size[\s\S]*NaN/);
  });

  it("reports a circle of dependencies, and constraints that nothing meets", () => {
    const number = (name: string, constraint: string): Parameter => ({
      kind: "integer",
      name,
      minimum: 1,
      maximum: 4,
      constraints: [constraint],
    });
    expect(() => createSpace([number("a", "a < b"), number("b", "b < a")])).toThrow(
      /circle: (?:a -> b -> a|b -> a -> b)/,
    );
    expect(() => createSpace([number("a", "a > 9")])).toThrow(/no values of a meet/);
    expect(() => createSpace([number("a", "1 > 2")])).toThrow(/never holds/);
  });

  it("gives up on trees that cannot be listed", () => {
    const names = Array.from({ length: 12 }, (_, i) => `x${i}`);
    const parameters = names.map(
      (name, i): Parameter => ({
        kind: "integer",
        name,
        minimum: 0,
        maximum: 999,
        ...(i === 11 && { constraints: [`${names.join(" * ")} == 7`] }),
      }),
    );
    expect(() => createSpace(parameters)).toThrow(expect.objectContaining({ code: "space-too-large" }));
  });
});

const arbitraryParameters = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 6 }),
      kind: fc.constantFrom("ordinal", "integer", "categorical", "permutation"),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((picked) =>
    picked.map(({ count, kind }, i): Parameter => {
      const name = `x${i}`;
      const values = Array.from({ length: count }, (_, k) => 1 + k * (k + 1));
      const before =
        i > 0 && picked[i - 1]!.kind !== "permutation" && kind !== "permutation"
          ? [`(x${i - 1} <= ${name} + 2) | (${name} == 3)`]
          : [];
      if (kind === "permutation")
        return { kind, name, size: Math.min(count, 4), constraints: count > 2 ? [`${name}_i0 < ${name}_i1`] : [] };
      if (kind === "integer") return { kind, name, minimum: 1, maximum: count, constraints: before };
      return { kind: kind as "ordinal" | "categorical", name, values, constraints: before };
    }),
  );

describe("any space", () => {
  it("counts, ranks and neighbours as listing its product does", () => {
    fc.assert(
      fc.property(arbitraryParameters, (parameters) => {
        let space: ReturnType<typeof createSpace>;
        try {
          space = createSpace(parameters);
        } catch (error) {
          return expect(String(error)).toMatch(/meet/);
        }
        const free = createSpace(parameters.map(({ constraints: _, ...rest }) => rest as Parameter));
        let members = 0n;
        for (let rank = 0n; rank < free.size!; rank++) {
          const point = free.pointAt(rank);
          const inside = "length" in space.locate(free.configAt(point));
          expect(space.contains(point)).toBe(inside);
          if (inside) members += 1n;
        }
        expect(space.size).toBe(members);
        for (let rank = 0n; rank < space.size!; rank++) {
          const point = space.pointAt(rank);
          expect(space.rankOf(point)).toBe(rank);
          expect(space.locate(space.configAt(point))).toEqual(point);
          const keys = neighboursOf(space, point).map((each) => {
            expect(space.contains(each)).toBe(true);
            return space.keyOf(each);
          });
          expect(new Set([...keys, space.keyOf(point)]).size).toBe(keys.length + 1);
        }
      }),
      { seed: 11, numRuns: 40 },
    );
  });
});
