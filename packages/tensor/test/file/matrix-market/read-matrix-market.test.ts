import { describe, expect, it } from "vitest";
import { readTensorFile } from "../../../src/index.ts";
import { bytesOf, pieces, readText, rowsOf } from "../support/read-text.ts";

const banner = (kind: string): string => `%%MatrixMarket matrix ${kind}\n`;

describe("reading Matrix Market coordinates", () => {
  it("reads real entries in their order, from index 1", async () => {
    const { header, list } = await readText(
      "a.mtx",
      `${banner("coordinate real general")}3 4 3\n3 4 1.5\n1 1 -2e3\n2 3 .25\n`,
    );
    expect(header).toEqual({
      format: "matrix-market",
      variant: "coordinate real general",
      shape: [3, 4],
      field: "real",
      symmetry: "general",
      valueType: "float64",
      storedEntries: 3,
    });
    expect(list.shape).toEqual([3, 4]);
    expect(rowsOf(list)).toEqual([
      [2, 3, 1.5],
      [0, 0, -2000],
      [1, 2, 0.25],
    ]);
  });

  it("takes a banner with one percent sign, whatever the file's name", async () => {
    const text = "%MatrixMarket matrix coordinate integer general\n1 2 1\n1 2 7\n";
    expect(rowsOf((await readText("a.txt", text)).list)).toEqual([[0, 1, 7]]);
  });

  it("takes comments and blank lines anywhere, CRLF, tabs, leading blanks, any case, and no final newline", async () => {
    const text = [
      "%%matrixmarket  MATRIX\tCoordinate REAL general  ",
      "%",
      "% remark",
      "",
      "   2\t2  2 ",
      "% between",
      "\t1 \v1\f 5D-1",
      "   ",
      "2 2 -0",
    ].join("\r\n");
    expect(rowsOf((await readText("a.mtx", text)).list)).toEqual([
      [0, 0, 0.5],
      [1, 1, -0],
    ]);
  });

  it("keeps integers as int32, or as float64 where one of them does not fit", async () => {
    const small = await readText("a.mtx", `${banner("coordinate integer general")}1 2 2\n1 1 -2147483648\n1 2 +7\n`);
    expect(small.list.values).toEqual(Int32Array.of(-(2 ** 31), 7));
    const wide = await readText("a.mtx", `${banner("coordinate integer general")}1 2 2\n1 1 9007199254740991\n1 2 7\n`);
    expect(wide.list.values).toEqual(Float64Array.of(2 ** 53 - 1, 7));
    expect(wide.header.valueType).toBe("float64");
  });

  it("counts every entry of a pattern as 1", async () => {
    const { list, header } = await readText("a.mtx", `${banner("coordinate pattern general")}2 2 2\n1 2\n2 1\n`);
    expect(rowsOf(list)).toEqual([
      [0, 1, 1],
      [1, 0, 1],
    ]);
    expect(header.field).toBe("pattern");
  });

  it("keeps duplicates and explicit zeros", async () => {
    const { list } = await readText("a.mtx", `${banner("coordinate real general")}2 2 3\n1 2 1\n1 2 2\n2 2 0\n`);
    expect(rowsOf(list)).toEqual([
      [0, 1, 1],
      [0, 1, 2],
      [1, 1, 0],
    ]);
  });

  it.each([
    [
      "real symmetric",
      "1 1 1\n2 1 2\n",
      [
        [0, 0, 1],
        [1, 0, 2],
        [0, 1, 2],
      ],
    ],
    [
      "integer skew-symmetric",
      "2 1 2\n3 2 -4\n",
      [
        [1, 0, 2],
        [2, 1, -4],
        [0, 1, -2],
        [1, 2, 4],
      ],
    ],
    [
      "complex symmetric",
      "1 1 1 2\n3 1 3 4\n",
      [
        [0, 0, 1, 2],
        [2, 0, 3, 4],
        [0, 2, 3, 4],
      ],
    ],
    [
      "complex skew-symmetric",
      "2 1 3 4\n",
      [
        [1, 0, 3, 4],
        [0, 1, -3, -4],
      ],
    ],
    [
      "complex hermitian",
      "1 1 1 0\n3 1 3 4\n",
      [
        [0, 0, 1, 0],
        [2, 0, 3, 4],
        [0, 2, 3, -4],
      ],
    ],
    [
      "pattern symmetric",
      "1 1\n3 1\n",
      [
        [0, 0, 1],
        [2, 0, 1],
        [0, 2, 1],
      ],
    ],
  ])("appends the mirror images of a %s matrix behind the stored entries", async (kind, body, rows) => {
    const stored = body.split("\n").length - 1;
    const text = `${banner(`coordinate ${kind}`)}3 3 ${stored}\n${body}`;
    const file = await readText("a.mtx", text);
    expect(rowsOf(file.list)).toEqual(rows);
    expect(file.header.storedEntries).toBe(stored);
    expect(file.header.symmetry).toBe(kind.split(" ")[1]);
    const unexpanded = await readText("a.mtx", text, { expandSymmetry: false });
    expect(rowsOf(unexpanded.list)).toEqual(rows.slice(0, stored));
  });

  it("reads non-finite values only where they are allowed", async () => {
    const text = `${banner("coordinate real general")}1 3 3\n1 1 nan\n1 2 -Infinity\n1 3 1e999\n`;
    const { list } = await readText("a.mtx", text, { allowNonFinite: true });
    expect(Array.from(list.values)).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it("reads empty matrices", async () => {
    expect((await readText("a.mtx", `${banner("coordinate real general")}0 0 0\n`)).list.shape).toEqual([0, 0]);
    expect((await readText("a.mtx", `${banner("coordinate complex hermitian")}5 5 0`)).list.values).toHaveLength(0);
    expect((await readText("a.mtx", `${banner("array real general")}0 3\n`)).dense?.values).toHaveLength(0);
  });

  it("reads the same however the bytes arrive", async () => {
    const text = `${banner("coordinate complex hermitian")}% remark\r\n\r\n9 9 3\r\n9 1 1.25 -3e-7\r\n2 2 12345.678901234567 0\r\n3 1 1 1`;
    const whole = await readText("a.mtx", text);
    for (const size of [1, 2, 3, 5, 17, 64]) {
      const cut = await readTensorFile(pieces(bytesOf(text), [size]), { name: "a.mtx" });
      expect(cut.list).toEqual(whole.list);
    }
    const stream = new Blob([text]).stream();
    expect((await readTensorFile(stream, { name: "a.mtx" })).list).toEqual(whole.list);
  });
});

describe("reading Matrix Market arrays", () => {
  it("reads columns one after another into row-major order, however lines are broken", async () => {
    const file = await readText("a.mtx", `${banner("array real general")}% remark\n2 3\n1 2\n3\n% remark\n\n4 5 6`);
    expect(file.dense).toEqual({ shape: [2, 3], valueType: "float64", values: Float64Array.of(1, 3, 5, 2, 4, 6) });
    expect(file.header.storedEntries).toBe(6);
  });

  it("gives the nonzeros as a list", async () => {
    const { list } = await readText("a.mtx", `${banner("array integer general")}2 2\n0\n7\n-1\n0\n`);
    expect(rowsOf(list)).toEqual([
      [0, 1, -1],
      [1, 0, 7],
    ]);
    expect(list.valueType).toBe("int32");
  });

  it.each([
    ["real symmetric", "1 2 3 4 5 6", [1, 2, 3, 2, 4, 5, 3, 5, 6]],
    ["real skew-symmetric", "1 2 3", [0, -1, -2, 1, 0, -3, 2, 3, 0]],
    ["complex hermitian", "1 0 2 1 3 2 4 0 5 3 6 0", [1, 0, 2, -1, 3, -2, 2, 1, 4, 0, 5, -3, 3, 2, 5, 3, 6, 0]],
  ])("fills in the other half of a %s array", async (kind, body, values) => {
    const file = await readText("a.mtx", `${banner(`array ${kind}`)}3 3\n${body}\n`);
    expect(Array.from(file.dense!.values)).toEqual(values);
  });
});
