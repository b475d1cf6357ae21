import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedSums } from "../../src/blocks/accumulate/sorted-sums.ts";

const coordinate = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 2 ** 31 - 1 }));

test.each([1, 2, 3])("sums of points of %i coordinates come back in rising order, round after round", (order) => {
  const point = fc.array(coordinate, { minLength: order, maxLength: order });
  const rounds = fc.array(fc.array(fc.tuple(point, fc.integer({ min: -9, max: 9 })), { maxLength: 120 }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(rounds, (drawn) => {
      const sums = new SortedSums(order);
      for (const entries of drawn) {
        const expected = new Map<string, number>();
        for (const [coordinates, value] of entries) {
          sums.add(Int32Array.from(coordinates), value);
          expected.set(coordinates.join(), (expected.get(coordinates.join()) ?? 0) + value);
        }
        sums.sort();
        const found = Array.from({ length: sums.count }, (_, place) => ({
          point: Array.from({ length: order }, (__, level) => sums.coordinate(place, level)),
          sum: sums.sum(place),
        }));
        expect(new Map(found.map(({ point: at, sum }) => [at.join(), sum]))).toEqual(expected);
        const outermostFirst = found.map(({ point: at }) => at.toReversed());
        const compare = (a: number[], b: number[]): number => a.map((c, k) => c - b[k]!).find((d) => d !== 0) ?? 0;
        expect(outermostFirst).toEqual(outermostFirst.toSorted(compare));
        sums.clear();
        expect(sums.count).toBe(0);
      }
    }),
    { seed: 51, numRuns: 150 },
  );
});
