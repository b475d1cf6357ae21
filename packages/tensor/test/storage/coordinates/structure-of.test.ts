import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coordinateList, csr, pack, structureOf } from "../../../src/index.ts";
import { formats, lists } from "../../support/arbitraries.ts";
import { entryMap, summed } from "../../support/entry-map.ts";
import { refusal } from "../../support/refusal.ts";

describe("facts about a matrix", () => {
  it("count rows, zeros and duplicates", () => {
    const list = coordinateList(
      [4, 5],
      [
        [0, 1, 1],
        [0, 1, 2],
        [0, 3, 0],
        [2, 4, 1],
      ],
    );
    expect(structureOf(list)).toEqual({
      shape: [4, 5],
      entries: 4,
      duplicates: 1,
      explicitZeros: 1,
      density: 3 / 20,
      emptyRows: 2,
      maximumRow: 2,
      meanRow: 3 / 4,
      symmetry: undefined,
    });
  });

  it("say 0 for the density of a shape without a place, however large its other extents", () => {
    const shape = [...new Array<number>(40).fill(2 ** 31 - 1), 0];
    expect(structureOf(coordinateList(shape, [])).density).toBe(0);
  });

  it("agree with a count over maps, for any matrix and format", () => {
    const cases = fc.tuple(lists([6, 5]), formats(2));
    fc.assert(
      fc.property(cases, ([list, format]) => {
        const map = summed(entryMap(list));
        const lengths = Array.from(
          { length: 6 },
          (_, i) => [...map.keys()].filter((key) => key.startsWith(`${i},`)).length,
        );
        const facts = structureOf(list);
        expect(facts.duplicates).toBe(list.values.length - map.size);
        expect(facts.emptyRows).toBe(lengths.filter((length) => length === 0).length);
        expect(facts.maximumRow).toBe(Math.max(...lengths));
        expect(facts.meanRow).toBeCloseTo(map.size / 6, 12);
        const nonzeros = [...map.values()].filter(([value]) => value![0] !== 0).length;
        const stored = structureOf(pack(list, format));
        expect(stored.entries - stored.explicitZeros).toBe(nonzeros);
      }),
      { seed: 23, numRuns: 150 },
    );
  });

  it("need memory for the entries alone, however many rows there are", () => {
    const facts = structureOf(
      coordinateList(
        [2_000_000_000, 2_000_000_000],
        [
          [7, 7, 1],
          [1_999_999_999, 0, 1],
        ],
      ),
    );
    expect(facts).toMatchObject({ emptyRows: 1_999_999_998, maximumRow: 1, symmetry: { structural: false } });
  });

  it("exist for shapes without positions", () => {
    expect(structureOf(coordinateList([], [[3]]))).toMatchObject({ entries: 1, density: 1, emptyRows: 0, meanRow: 0 });
    expect(structureOf(coordinateList([0, 4], []))).toMatchObject({
      entries: 0,
      density: 0,
      emptyRows: 0,
      maximumRow: 0,
    });
  });

  it("are refused for a list that is none", () => {
    const list = coordinateList([2], [[0, 1]]);
    expect(refusal("coordinate-range", () => structureOf({ ...list, coordinates: [Int32Array.of(5)] }))).toContain(
      "coordinate 5",
    );
  });
});

describe("symmetry", () => {
  const symmetry = (rows: number[][], type?: "complex128" | "int32") =>
    structureOf(coordinateList([3, 3], rows, type)).symmetry;

  it.each([
    [
      [
        [0, 1, 2],
        [1, 0, 2],
        [2, 2, 5],
      ],
      "symmetric",
    ],
    [
      [
        [0, 1, 2],
        [1, 0, -2],
      ],
      "skew-symmetric",
    ],
    [
      [
        [0, 1, 2],
        [1, 0, 3],
      ],
      "general",
    ],
    [
      [
        [0, 1, 2],
        [1, 0, -2],
        [2, 2, 1],
      ],
      "general",
    ],
    [
      [
        [0, 1, 2],
        [1, 0, 1],
        [1, 0, 1],
      ],
      "symmetric",
    ],
    [[], "symmetric"],
  ])("of real values is told from the pairs (case %#)", (rows, numeric) => {
    expect(symmetry(rows)).toEqual({ structural: true, numeric });
  });

  it.each([
    [
      [
        [0, 1, 2, 1],
        [1, 0, 2, -1],
        [0, 0, 4, 0],
      ],
      "hermitian",
    ],
    [
      [
        [0, 1, 2, 1],
        [1, 0, 2, 1],
      ],
      "symmetric",
    ],
    [
      [
        [0, 1, 2, 1],
        [1, 0, -2, -1],
      ],
      "skew-symmetric",
    ],
    [
      [
        [0, 1, 2, 1],
        [1, 0, -2, 1],
      ],
      "general",
    ],
    [
      [
        [0, 1, 2, 1],
        [1, 0, 2, -1],
        [0, 0, 4, 1],
      ],
      "general",
    ],
  ])("of complex values knows conjugates (case %#)", (rows, numeric) => {
    expect(symmetry(rows, "complex128")).toEqual({ structural: true, numeric });
  });

  it("needs every entry's mirror to be stored", () => {
    expect(
      symmetry([
        [0, 1, 2],
        [2, 0, 2],
      ]),
    ).toEqual({ structural: false, numeric: "general" });
    expect(structureOf(pack(coordinateList([2, 2], [[0, 1, 1]]), csr)).symmetry).toEqual({
      structural: false,
      numeric: "general",
    });
  });

  it("of integers is told although sums of duplicates leave 32 bits", () => {
    expect(
      symmetry(
        [
          [0, 0, 2 ** 30],
          [0, 0, 2 ** 30],
        ],
        "int32",
      ),
    ).toEqual({ structural: true, numeric: "symmetric" });
  });
});
