import { describe, expect, test } from "vitest";
import { fibresFromOffsets, fibresFromSegments, instantiate, memoryFrom } from "../../src/index.ts";

const indices = Float64Array.of(3, 1, 4, 1, 5);
const offsets = (...values: number[]) => Float64Array.from(values);

describe("bags by offsets", () => {
  test("go from one offset to the next, the last to the end of the ids", () => {
    const { ptr, idx } = fibresFromOffsets({ indices, offsets: offsets(0, 0, 2), includeLastOffset: false });
    expect([[...ptr], [...idx]]).toEqual([
      [0, 0, 2, 5],
      [3, 1, 4, 1, 5],
    ]);
  });

  test("end at the last offset where it is included", () => {
    const { ptr, idx } = fibresFromOffsets({ indices, offsets: offsets(0, 2, 4), includeLastOffset: true });
    expect([[...ptr], [...idx]]).toEqual([
      [0, 2, 4],
      [3, 1, 4, 1],
    ]);
  });

  test("leave padding out, with its weights", () => {
    const weights = Float64Array.of(1, 2, 3, 4, 5);
    const padded = { indices, offsets: offsets(0, 2), weights, includeLastOffset: false, paddingIndex: 1 };
    const { ptr, idx, val } = fibresFromOffsets(padded);
    expect([[...ptr], [...idx], [...val!]]).toEqual([
      [0, 1, 3],
      [3, 4, 5],
      [1, 3, 5],
    ]);
  });

  test.each([
    ["that fall", offsets(0, 3, 2), "bag 1 goes from 3 to 2"],
    ["that do not start at 0", offsets(1, 2), "offsets[0] is 1"],
    ["beyond the ids", offsets(0, 9), "bag 0 goes from 0 to 9 of 5 ids"],
    ["that are negative", offsets(0, -1), "bag 0 goes from 0 to -1"],
  ])("are refused with offsets %s", (_, wrong, message) => {
    expect(() => fibresFromOffsets({ indices, offsets: wrong, includeLastOffset: false })).toThrow(message);
  });

  test("are refused with too few weights", () => {
    const weights = Float64Array.of(1);
    expect(() => fibresFromOffsets({ indices, offsets: offsets(0), weights, includeLastOffset: false })).toThrow(
      "1 weights for 5 ids",
    );
  });
});

describe("bags by segments", () => {
  test("keep the order of rows, sorted or not; negative segments belong to none", () => {
    const segments = Float64Array.of(2, 0, 2, -1, 0);
    const { ptr, idx } = fibresFromSegments({ indices, segments, bags: 3 });
    expect([[...ptr], [...idx]]).toEqual([
      [0, 2, 2, 4],
      [1, 5, 3, 4],
    ]);
  });

  test("are refused beyond their number", () => {
    const segments = Float64Array.of(0, 0, 3, 0, 0);
    expect(() => fibresFromSegments({ indices, segments, bags: 3 })).toThrow("row 2 belongs to bag 3 of 3");
  });
});

test("ids outside of the table are refused by their place", () => {
  const fibres = { ptr: Float64Array.of(0, 5), idx: indices, val: undefined };
  const table = memoryFrom("f32", [5, 1], [0, 0, 0, 0, 0]);
  const operation = {
    kind: "bag",
    weights: "none",
    reduce: "add",
    finish: "none",
    table: "f32",
    index: "i64",
  } as const;
  expect(() => instantiate(operation, { fibres, table })).toThrow("indices[4] is 5, but the table has 5 rows");
});
