import { describe, expect, it } from "vitest";
import { coordinateList, nonzerosOf, spread, writeMatrixMarketArray, writeNpy } from "../../src/index.ts";
import { refusal } from "../support/refusal.ts";
import { rowsOf } from "./support/read-text.ts";

describe("dense tensors", () => {
  it("give their nonzeros in row-major order, NaN among them", () => {
    const values = Float64Array.of(0, 1, -0, Number.NaN, 0, 2);
    expect(rowsOf(nonzerosOf({ shape: [2, 3], valueType: "float64", values }))).toEqual([
      [0, 1, 1],
      [1, 0, Number.NaN],
      [1, 2, 2],
    ]);
  });

  it("count a complex value as zero only if both parts are", () => {
    const values = Float64Array.of(0, 0, 0, 1, 2, 0);
    expect(rowsOf(nonzerosOf({ shape: [3], valueType: "complex128", values }))).toEqual([
      [1, 0, 1],
      [2, 2, 0],
    ]);
  });

  it("have one element if they are scalars, and none if an extent is 0", () => {
    expect(rowsOf(nonzerosOf({ shape: [], valueType: "int32", values: Int32Array.of(5) }))).toEqual([[5]]);
    expect(rowsOf(nonzerosOf({ shape: [3, 0], valueType: "int32", values: new Int32Array(0) }))).toEqual([]);
  });

  it("add up entries at one place", () => {
    const list = coordinateList(
      [2, 2],
      [
        [0, 1, 1.5],
        [0, 1, 2],
        [1, 0, 4],
      ],
    );
    expect(spread(list).values).toEqual(Float64Array.of(0, 3.5, 4, 0));
  });

  it("are refused where they would be too large", () => {
    const wide = coordinateList([1_000_000, 1_000_000], [[0, 0, 1]]);
    expect(refusal("too-large", () => spread(wide))).toBe(
      "a dense array of shape [1000000, 1000000] has 1000000000000 elements, more than 268435456",
    );
  });

  it("are refused where the values do not fill the shape, or are of another class", () => {
    const short = { shape: [2, 2], valueType: "float64", values: Float64Array.of(1, 2, 3) } as const;
    for (const use of [nonzerosOf, writeMatrixMarketArray, writeNpy]) {
      expect(refusal("shape-invalid", () => use(short))).toBe("3 numbers of type float64 do not fill the shape [2, 2]");
      expect(refusal("structure-invalid", () => use({ ...short, valueType: "int32" }))).toContain("Float64Array");
    }
  });

  it("take no entry that lies outside, nor a sum that int32 cannot hold", () => {
    const list = coordinateList([2, 2], [[0, 1, 1]]);
    refusal("coordinate-range", () => spread({ ...list, shape: [2, 1] }));
    const rows = [2e9, 2e9].map((value) => [0, value]);
    const large = coordinateList([1], rows, "int32");
    expect(refusal("value-range", () => spread(large))).toBe(
      "entries at one place add up to 4000000000, which int32 cannot hold",
    );
  });
});
