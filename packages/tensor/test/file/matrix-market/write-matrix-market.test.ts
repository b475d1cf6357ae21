import { describe, expect, it } from "vitest";
import {
  coordinateList,
  joinBytes,
  type MatrixMarketWriteOptions,
  writeMatrixMarket,
  writeMatrixMarketArray,
  writeTns,
} from "../../../src/index.ts";
import { refusal } from "../../support/refusal.ts";

function written(chunks: Iterable<Uint8Array>): string {
  return new TextDecoder().decode(joinBytes(chunks));
}

describe("writing Matrix Market", () => {
  const symmetric = coordinateList(
    [2, 2],
    [
      [0, 0, 0.1],
      [0, 1, -2e-7],
      [1, 0, -2e-7],
    ],
  );

  it("writes the banner, comments, the sizes and the shortest decimals", () => {
    expect(written(writeMatrixMarket(symmetric, { comments: ["two\nlines"] }))).toBe(
      "%%MatrixMarket matrix coordinate real general\n% two\n% lines\n2 2 3\n1 1 0.1\n1 2 -2e-7\n2 1 -2e-7\n",
    );
  });

  it("writes only the lower triangle of a matrix with symmetry", () => {
    expect(written(writeMatrixMarket(symmetric, { symmetry: "symmetric" }))).toBe(
      "%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 0.1\n2 1 -2e-7\n",
    );
    const array = { shape: [2, 2], valueType: "int32", values: Int32Array.of(1, 2, 2, 3) } as const;
    expect(written(writeMatrixMarketArray(array, { symmetry: "symmetric" }))).toBe(
      "%%MatrixMarket matrix array integer symmetric\n2 2\n1\n2\n3\n",
    );
  });

  it("drops the values of a pattern", () => {
    expect(written(writeMatrixMarket(symmetric, { field: "pattern", symmetry: "symmetric" }))).toBe(
      "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 2\n1 1\n2 1\n",
    );
  });

  it("writes integers that are kept as float64 if asked to", () => {
    const list = coordinateList([1, 1], [[0, 0, 2 ** 40]]);
    expect(written(writeMatrixMarket(list, { field: "integer" }))).toContain("1 1 1099511627776\n");
  });

  it.each<[string, readonly (readonly number[])[], MatrixMarketWriteOptions, string]>([
    [
      "an entry without its mirror image",
      [[1, 0, 1]],
      { symmetry: "symmetric" },
      "structure-invalid: the matrix is not symmetric: the value at (1, 0) does not mirror the one at (0, 1)",
    ],
    [
      "a value that differs",
      [
        [1, 0, 1],
        [0, 1, 2],
      ],
      { symmetry: "symmetric" },
      "structure-invalid: the matrix is not symmetric: the value at (0, 1) does not mirror the one at (1, 0)",
    ],
    [
      "a sign that differs",
      [
        [1, 0, 1],
        [0, 1, 1],
      ],
      { symmetry: "skew-symmetric" },
      "structure-invalid: the matrix is not skew-symmetric: the value at (0, 1) does not mirror the one at (1, 0)",
    ],
    [
      "a skew diagonal",
      [[0, 0, 1]],
      { symmetry: "skew-symmetric" },
      "structure-invalid: the matrix is not skew-symmetric: the value at (0, 0) must be 0",
    ],
    [
      "a real hermitian matrix",
      [],
      { symmetry: "hermitian" },
      "format-invalid: Matrix Market has no coordinate real hermitian matrices",
    ],
    [
      "real values as complex",
      [],
      { field: "complex" },
      "value-range: values of type float64 are not written as complex; convert them first",
    ],
    [
      "a fraction as integer",
      [[0, 0, 0.5]],
      { field: "integer" },
      "value-range: value 0 is 0.5, no integer up to 2^53",
    ],
  ])("refuses %s", (_, rows, options, fault) => {
    const [code, message] = fault.split(/: (.*)/s) as ["value-range", string];
    expect(refusal(code, () => writeMatrixMarket(coordinateList([2, 2], rows), options))).toBe(message);
  });

  it("refuses what is no matrix", () => {
    const cube = coordinateList([2, 2, 2], []);
    expect(refusal("shape-invalid", () => writeMatrixMarket(cube))).toBe(
      "Matrix Market holds matrices, not tensors of shape [2, 2, 2]",
    );
    expect(
      refusal("shape-invalid", () => writeMatrixMarket(coordinateList([2, 3], []), { symmetry: "symmetric" })),
    ).toBe("a symmetric matrix is square, not 2 x 3");
  });
});

describe("writing .tns", () => {
  it("writes each dialect as its readers expect it", () => {
    const list = coordinateList([2, 3], [[1, 2, -0.5]]);
    expect(written(writeTns(list, { comments: ["c"] }))).toBe("# c\n2 3 -0.5\n");
    expect(written(writeTns(list, { dialect: "parti" }))).toBe("2\n2 3\n2 3 -0.5\n");
    expect(written(writeTns(list, { dialect: "genten" }))).toBe("sptensor\n2\n2 3\n1\n1 2 -0.5\n");
    expect(written(writeTns(list, { dialect: "extended-frostt" }))).toBe(
      "# extended FROSTT format\n2 1\n2 3\n2 3 -0.5\n",
    );
  });

  it("refuses scalars and complex values", () => {
    refusal("shape-invalid", () => writeTns(coordinateList([], [[1]])));
    refusal("value-range", () => writeTns(coordinateList([1], [[0, 1, 2]], "complex128")));
  });
});
