import fc from "fast-check";
import { expect, it } from "vitest";
import { type DenseArray, evaluateDense, parseAssignment } from "../../src/index.ts";

const extents: Readonly<Record<string, number>> = { i: 2, j: 3, k: 2, l: 3 };

/** One access of a generated sum: its own tensor, so that any indices fit. */
interface Factor {
  readonly indices: readonly string[];
  readonly tensor: DenseArray;
}

interface SumOfProducts {
  readonly output: readonly string[];
  readonly terms: readonly { readonly sign: 1 | -1; readonly factors: readonly Factor[] }[];
}

const factor: fc.Arbitrary<Factor> = fc
  .array(fc.constantFrom("i", "j", "k", "l"), { maxLength: 3 })
  .chain((indices) => {
    const shape = indices.map((name) => extents[name] ?? 0);
    const size = shape.reduce((product, extent) => product * extent, 1);
    const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: size, maxLength: size });
    return values.map((list) => ({ indices, tensor: { shape, values: Float64Array.from(list) } }));
  });
const term = fc.record({
  sign: fc.constantFrom<1 | -1>(1, -1),
  factors: fc.array(factor, { minLength: 1, maxLength: 3 }),
});
const sums: fc.Arbitrary<SumOfProducts> = fc.array(term, { minLength: 1, maxLength: 3 }).chain((terms) => {
  const used = [...new Set(terms.flatMap(({ factors }) => factors.flatMap(({ indices }) => indices)))];
  return fc.record({ output: fc.shuffledSubarray(used), terms: fc.constant(terms) });
});

function nameOf(termAt: number, factorAt: number): string {
  return `T${termAt}_${factorAt}`;
}

function textOf({ output, terms }: SumOfProducts): string {
  const text = terms.map(({ sign, factors }, t) => {
    const product = factors.map(({ indices }, f) => `${nameOf(t, f)}(${indices.join(",")})`).join(" * ");
    return `${sign < 0 ? "-" : t > 0 ? "+" : ""} ${product}`;
  });
  return `out(${output.join(",")}) = ${text.join(" ")}`;
}

/** Scatters every product of every term into the output, over all points of the term's and the output's indices. */
function scattered({ output, terms }: SumOfProducts): number[] {
  const result = new Map<string, number>();
  for (const { sign, factors } of terms) {
    const names = [...new Set([...output, ...factors.flatMap(({ indices }) => indices)])];
    const points = names.reduce((product, name) => product * (extents[name] ?? 0), 1);
    for (let number = 0; number < points; number++) {
      const point: Record<string, number> = {};
      let rest = number;
      for (const name of names) {
        point[name] = rest % (extents[name] ?? 1);
        rest = Math.floor(rest / (extents[name] ?? 1));
      }
      let product: number = sign;
      for (const { indices, tensor } of factors) {
        let offset = 0;
        for (const name of indices) offset = offset * (extents[name] ?? 0) + (point[name] ?? 0);
        product *= tensor.values[offset] ?? Number.NaN;
      }
      const key = output.map((name) => point[name]).join(",");
      result.set(key, (result.get(key) ?? 0) + product);
    }
  }
  const sorted = [...result].map(([key, value]) => ({ coordinates: key.split(",").map(Number), value }));
  sorted.sort((a, b) => {
    const mode = a.coordinates.findIndex((coordinate, at) => coordinate !== b.coordinates[at]);
    return mode < 0 ? 0 : (a.coordinates[mode] ?? 0) - (b.coordinates[mode] ?? 0);
  });
  return sorted.map(({ value }) => value + 0);
}

it("any sum of products equals scattering each product of each term by itself", () => {
  fc.assert(
    fc.property(sums, (sum) => {
      const operands: Record<string, DenseArray> = {};
      sum.terms.forEach(({ factors }, t) => {
        factors.forEach(({ tensor }, f) => {
          operands[nameOf(t, f)] = tensor;
        });
      });
      const { shape, values } = evaluateDense(parseAssignment(textOf(sum)), operands);
      expect(shape).toEqual(sum.output.map((name) => extents[name]));
      expect([...values].map((value) => value + 0)).toEqual(scattered(sum));
    }),
    { seed: 17, numRuns: 300 },
  );
});
