import { describe, expect, it } from "vitest";
import {
  blockFormat,
  convert,
  cooFormat,
  coordinateList,
  csc,
  csr,
  dcsr,
  denseFormat,
  formatOf,
  homeSlot,
  pack,
  parseFormat,
  transpose,
  unpack,
} from "../../../src/index.ts";
import { refusal } from "../../support/refusal.ts";

// 1 . 2 .
// . . . .
// . 3 . 4
const rows = [
  [2, 3, 4],
  [0, 0, 1],
  [2, 1, 3],
  [0, 2, 2],
];
const matrix = coordinateList([3, 4], rows);

describe("the arrays of a format", () => {
  it("are row ends and column coordinates for CSR", () => {
    const { levels, values } = pack(matrix, csr);
    expect(levels).toEqual([
      { kind: "dense", size: 3 },
      { kind: "compressed", size: 4, positions: Int32Array.of(0, 2, 2, 4), coordinates: Int32Array.of(0, 2, 1, 3) },
    ]);
    expect([...values]).toEqual([1, 2, 3, 4]);
  });

  it("follow columns for CSC", () => {
    const { levels, values } = pack(matrix, csc);
    expect(levels[1]).toEqual({
      kind: "compressed",
      size: 3,
      positions: Int32Array.of(0, 1, 2, 3, 4),
      coordinates: Int32Array.of(0, 2, 0, 2),
    });
    expect([...values]).toEqual([1, 3, 2, 4]);
  });

  it("leave out empty rows for DCSR", () => {
    expect(pack(matrix, dcsr).levels).toEqual([
      { kind: "compressed", size: 3, positions: Int32Array.of(0, 2), coordinates: Int32Array.of(0, 2) },
      { kind: "compressed", size: 4, positions: Int32Array.of(0, 2, 4), coordinates: Int32Array.of(0, 2, 1, 3) },
    ]);
  });

  it("run parallel for a coordinate list", () => {
    expect(pack(matrix, cooFormat(2)).levels).toEqual([
      { kind: "compressed-nonunique", size: 3, positions: Int32Array.of(0, 4), coordinates: Int32Array.of(0, 0, 2, 2) },
      { kind: "singleton", size: 4, coordinates: Int32Array.of(0, 2, 1, 3) },
    ]);
  });

  it("hold bits and their ranks for bitvectors", () => {
    expect(pack(matrix, parseFormat("db")).levels[1]).toEqual({
      kind: "bitvector",
      size: 4,
      words: Uint32Array.of(0b0101, 0, 0b1010),
      ranks: Int32Array.of(0, 2, 2),
    });
  });

  it("take no word more than the bits need", () => {
    for (const [columns, words] of [
      [0, 0],
      [1, 1],
      [32, 1],
      [33, 2],
      [64, 2],
    ] as const) {
      expect(pack(coordinateList([1, columns], []), parseFormat("db")).levels[1]).toMatchObject({
        words: new Uint32Array(words),
      });
    }
  });

  it("hold a table of twice the children for hashed levels, with zero values in free slots", () => {
    const { levels, values } = pack(matrix, parseFormat("dh"));
    const level = levels[1]!;
    if (level.kind !== "hashed") throw new Error("not hashed");
    expect([...level.positions]).toEqual([0, 4, 4, 8]);
    expect([...level.coordinates].filter((c) => c >= 0).sort()).toEqual([0, 1, 2, 3]);
    expect(level.coordinates[homeSlot(0, 4)]).toBe(0);
    for (const [slot, c] of level.coordinates.entries()) expect(values[slot] !== 0).toBe(c >= 0);
  });

  it("are tiles, row by row, for BCSR; tiles that stick out are padded", () => {
    const { levels, values } = pack(matrix, blockFormat(csr, 2, 2));
    expect(levels).toEqual([
      { kind: "dense", size: 2 },
      { kind: "compressed", size: 2, positions: Int32Array.of(0, 2, 4), coordinates: Int32Array.of(0, 1, 0, 1) },
      { kind: "block", size: 3, blockSize: 2 },
      { kind: "block", size: 4, blockSize: 2 },
    ]);
    expect([...values]).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0]);
  });

  it("are the values alone for a scalar", () => {
    expect(pack(coordinateList([], [[2], [3]]), formatOf([]))).toMatchObject({
      levels: [],
      values: Float64Array.of(5),
    });
    expect([...pack(coordinateList([], []), formatOf([])).values]).toEqual([0]);
  });
});

describe("duplicates", () => {
  const repeated = coordinateList(
    [2, 2],
    [
      [1, 1, 1],
      [0, 0, 2],
      [1, 1, 4],
    ],
  );

  it("are added up in list order", () => {
    const tiny = coordinateList(
      [1],
      [
        [0, 1],
        [0, 1e-16],
        [0, 1e-16],
      ],
    );
    expect([...pack(tiny, parseFormat("s")).values]).toEqual([1 + 1e-16 + 1e-16]);
    expect([...pack(repeated, csr).values]).toEqual([2, 5]);
  });

  it("are refused on request, naming the first", () => {
    expect(refusal("structure-invalid", () => pack(repeated, csr, { duplicates: "error" }))).toBe(
      '1 duplicate entries, the first at level coordinates (1, 1); expected each coordinate once; sum them with duplicates: "sum"',
    );
    expect(pack(matrix, csr, { duplicates: "error" }).values).toHaveLength(4);
  });

  it("are kept, in list order, by formats that end in a list", () => {
    const kept = pack(repeated, cooFormat(2), { duplicates: "keep" });
    expect([...kept.values]).toEqual([2, 1, 4]);
    expect([...unpack(kept).coordinates[0]!]).toEqual([0, 1, 1]);
    expect([...pack(repeated, parseFormat("du"), { duplicates: "keep" }).values]).toEqual([2, 1, 4]);
    expect(refusal("format-unsupported", () => pack(repeated, csr, { duplicates: "keep" }))).toContain(
      "ds01 stores each coordinate once",
    );
  });

  it("that leave int32 when added up are refused", () => {
    const large = coordinateList(
      [1],
      [
        [0, 2 ** 30],
        [0, 2 ** 30],
      ],
      "int32",
    );
    expect(refusal("value-range", () => pack(large, parseFormat("s")))).toContain("2147483648");
  });
});

describe("zeros", () => {
  const list = coordinateList(
    [2, 3],
    [
      [0, 0, 0],
      [0, 1, 1],
      [1, 2, 1.5],
      [1, 2, -1.5],
    ],
  );

  it("are entries unless they are dropped, after adding up", () => {
    expect(pack(list, csr).values).toHaveLength(3);
    expect([...pack(list, csr, { zeros: "drop" }).values]).toEqual([1]);
    expect(pack(list, dcsr, { zeros: "drop" }).levels[0]).toMatchObject({ coordinates: Int32Array.of(0) });
  });

  it("come back where their coordinate is stored, unless dropped; fill comes back on request only", () => {
    expect(unpack(pack(list, csr)).values).toHaveLength(3);
    expect(unpack(pack(list, csr), { zeros: "drop" }).values).toHaveLength(1);
    expect(unpack(pack(list, denseFormat(2))).values).toHaveLength(1);
    expect(unpack(pack(list, denseFormat(2)), { zeros: "stored" }).values).toHaveLength(6);
    expect(unpack(pack(list, blockFormat(csr, 2, 2)), { zeros: "stored" }).values).toHaveLength(6);
  });
});

describe("limits", () => {
  const wide = coordinateList(
    [1_000_000_000, 1_000_000_000],
    [
      [5, 7, 1],
      [999_999_999, 0, 2],
      [5, 6, 3],
    ],
  );

  it("leave formats alone whose size follows the entries", () => {
    expect([...pack(wide, dcsr).values]).toEqual([3, 1, 2]);
    expect([...pack(wide, cooFormat(2)).values]).toEqual([3, 1, 2]);
    expect(pack(wide, parseFormat("hh")).values.length).toBeLessThan(20);
  });

  it("refuse arrays that follow the shape past the bound, and nothing else, before making them", () => {
    expect(refusal("too-large", () => pack(wide, csr))).toContain(
      "positions of level 0 (dense): 1000000000 passes the bound of 67108864",
    );
    expect(refusal("too-large", () => pack(wide, parseFormat("sd")))).toContain("level 1");
    expect(refusal("too-large", () => pack(wide, parseFormat("sb"), { maximumPositions: 2 ** 20 }))).toContain(
      "words of level 1",
    );
    expect(refusal("too-large", () => pack(matrix, csr, { maximumPositions: 2 }))).toContain("3 passes the bound of 2");
    expect(pack(matrix, csr, { maximumPositions: 3 }).values).toHaveLength(4);
  });

  it("refuse what 32-bit positions cannot count, whatever the bound", () => {
    expect(refusal("too-large", () => pack(wide, denseFormat(2), { maximumPositions: Infinity }))).toContain(
      "2147483647",
    );
    expect(refusal("too-large", () => pack(coordinateList([2 ** 31], []), denseFormat(1)))).toContain(
      "the extent of mode 0 is 2147483648",
    );
  });
});

describe("a faulty request", () => {
  it.each([
    ["coordinate-range", () => coordinateList([2], [[2, 1]]), "entry 0 has coordinate 2 in mode 0; expected 0 to 1"],
    ["coordinate-range", () => coordinateList([2], [[-1, 1]]), "coordinate -1"],
    ["coordinate-range", () => coordinateList([2, 0], [[0, 0, 1]]), "its extent is 0"],
    ["structure-invalid", () => coordinateList([2], [[1]]), "entry 0 has 1 numbers"],
    ["shape-invalid", () => coordinateList([1.5], []), "the extent of mode 0 is 1.5"],
    ["format-invalid", () => pack(matrix, parseFormat("dss")), "3 levels for a tensor of 2 modes"],
    ["shape-invalid", () => transpose(pack(matrix, csr), [0, 0]), "(0, 0) is not a permutation of the 2 modes"],
    [
      "value-range",
      () => convert(pack(coordinateList([1], [[0, 0.5]]), denseFormat(1)), denseFormat(1), { valueType: "int32" }),
      "value 0 is 0.5",
    ],
    [
      "value-range",
      () => pack(coordinateList([1], [[0, 1, 2]], "complex128"), parseFormat("s"), { valueType: "float64" }),
      "imaginary part 2",
    ],
  ] as const)("is refused with %s (case %#)", (code, run, message) => {
    expect(refusal(code, run)).toContain(message);
  });

  it("of arrays that do not fit one another is refused", () => {
    const short = { ...matrix, coordinates: [matrix.coordinates[0]!, new Int32Array(1)] };
    expect(refusal("structure-invalid", () => pack(short, csr))).toContain("mode 1 has 1 coordinates for 4 values");
    expect(refusal("structure-invalid", () => pack({ ...matrix, valueType: "int32" }, csr))).toContain("Float64Array");
    expect(refusal("structure-invalid", () => pack({ ...matrix, coordinates: [] }, csr))).toContain(
      "0 coordinate arrays",
    );
  });
});

it("the list handed in stays as it was, also where nothing had to be sorted", () => {
  const sorted = unpack(pack(matrix, csr));
  const before = [...sorted.values];
  const tensor = pack(sorted, cooFormat(2));
  tensor.values.fill(9);
  for (const level of tensor.levels) if ("coordinates" in level) level.coordinates.fill(0);
  expect([...sorted.values]).toEqual(before);
  expect([...sorted.coordinates[1]!]).toEqual([0, 2, 1, 3]);
});

it("a value type asked for is converted to", () => {
  expect(pack(matrix, csr, { valueType: "float32" }).values).toEqual(Float32Array.of(1, 2, 3, 4));
  const huge = coordinateList([1], [[0, 1e300]]);
  expect(refusal("value-range", () => pack(huge, denseFormat(1), { valueType: "float32" }))).toContain(
    "value 0 is 1e+300",
  );
  expect(pack(matrix, csr, { valueType: "complex128" }).values).toEqual(Float64Array.of(1, 0, 2, 0, 3, 0, 4, 0));
});
