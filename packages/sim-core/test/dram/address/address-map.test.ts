import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AddressMap, mappingNames } from "../../../src/dram/address/address-map.ts";
import { accessesPerRow, transactionBytes, withChannels } from "../../../src/dram/spec/dram-spec.ts";
import { Xorshift32 } from "../support/generate-trace.ts";
import { recordedSpec, specNames } from "../support/recorded-cases.ts";

const maps = specNames.flatMap((name) =>
  mappingNames.flatMap((mapping) =>
    [1, 4].map((channels) => ({ name, map: new AddressMap(withChannels(recordedSpec(name), channels), mapping) })),
  ),
);

describe("address maps", () => {
  test("an address, its vector and the vector's address are the same place, for every map and spec", () => {
    fc.assert(
      fc.property(fc.constantFrom(...maps), fc.maxSafeInteger(), ({ map }, raw) => {
        const bytes = transactionBytes(map.spec);
        // The row takes all bits that are left in one mapping; banks and rows are 32-bit numbers.
        const span = Math.min(map.span, 2 ** 44);
        const address = (Math.abs(raw) % (span / bytes)) * bytes;
        const vector = map.spec.levels.map(() => 0);
        map.map(address, vector);
        expect(map.unmap(vector)).toBe(address);
      }),
      { seed: 3, numRuns: 3000 },
    );
  });

  test("every index stays below its count, and every index is reached", () => {
    for (const { map } of maps) {
      const { spec } = map;
      const limits = [...spec.counts.slice(0, -1), accessesPerRow(spec)];
      const seen = limits.map(() => new Set<number>());
      const vector = limits.map(() => 0);
      const rng = new Xorshift32(5);
      for (let i = 0; i < 2000; i++) {
        map.map(rng.next() * 2 ** 12 + (rng.next() % 2 ** 12), vector);
        for (const [level, index] of vector.entries()) {
          const last = level === spec.bankLevel + 1 && map.span === Number.POSITIVE_INFINITY;
          if (index < 0 || index >= (last ? 2 ** 31 : limits[level]!)) expect.fail(`${spec.name}: ${vector}`);
          seen[level]!.add(index);
        }
      }
      for (let level = 0; level <= spec.bankLevel; level++) expect(seen[level]!.size).toBe(limits[level]);
    }
  });

  test("a placed address is its vector with the banks in one number", () => {
    fc.assert(
      fc.property(fc.constantFrom(...maps), fc.maxSafeInteger(), ({ map }, raw) => {
        const { spec } = map;
        const address = Math.abs(raw) % 2 ** 44;
        const vector = spec.levels.map(() => 0);
        map.map(address, vector);
        const target = { bank: 0, row: 0, column: 0 };
        expect(map.place(address, target)).toBe(vector[0]);
        const bank = vector
          .slice(1, spec.bankLevel + 1)
          .reduce((sum, index, i) => sum * spec.counts[i + 1]! + index, 0);
        expect(target).toEqual({ bank, row: vector[spec.bankLevel + 1], column: vector[spec.bankLevel + 2] });
      }),
      { seed: 4, numRuns: 3000 },
    );
  });

  test("addresses inside one access are one place", () => {
    const map = new AddressMap(recordedSpec("r20-ddr4-2400-2rank"), "RoBaRaCoCh");
    const [first, last] = [0, 63].map((byte) => {
      const vector = [0, 0, 0, 0, 0, 0];
      map.map(4096 + byte, vector);
      return vector;
    });
    expect(first).toEqual(last);
  });
});
