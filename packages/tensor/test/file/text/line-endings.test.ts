import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTensorFile } from "../../../src/index.ts";
import { bytesOf, faultOf, pieces, readText, rowsOf } from "../support/read-text.ts";

/** A text of each kind, and what its entries are. */
const texts: readonly (readonly [string, string, readonly (readonly number[])[]])[] = [
  [
    "a.mtx",
    "%%MatrixMarket matrix coordinate integer general\n% remark\n2 2 2\n1 1 5\n2 2 6\n",
    [
      [0, 0, 5],
      [1, 1, 6],
    ],
  ],
  [
    "a.tns",
    "# remark\n1 1 5\n\n2 2 6\n",
    [
      [0, 0, 5],
      [1, 1, 6],
    ],
  ],
  [
    "a.smtx",
    "% remark\n2, 2, 2\n0 1 2\n0 1\n",
    [
      [0, 0, 1],
      [1, 1, 1],
    ],
  ],
];

describe("line endings", () => {
  it.each(texts)("may be LF, CR LF or CR, however %s is cut", async (name, text, rows) => {
    const ending = fc.constantFrom("\n", "\r\n", "\r");
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(ending, sizes, async (end, cuts) => {
        const bytes = bytesOf(text.replaceAll("\n", end));
        const { list, cost } = await readTensorFile(pieces(bytes, cuts), { name });
        expect(rowsOf(list)).toEqual(rows);
        expect(cost.bytes).toBe(bytes.length);
      }),
      { seed: 20258 },
    );
  });

  it("may be mixed, and count as lines in faults", async () => {
    const text = "%%MatrixMarket matrix coordinate real general\r2 2 2\r\n1 1 5\r2 x 6\n";
    expect(await faultOf(readText("a.mtx", text))).toBe(
      'file-malformed | a.mtx:4:3: expected the column index, found "x"',
    );
  });

  it("are changed in copies, not in the chunks", async () => {
    const bytes = bytesOf("1 1 5\r2 2 6\r");
    const before = bytes.slice();
    await readTensorFile(bytes, { name: "a.tns" });
    expect(bytes).toEqual(before);
  });
});

describe("byte order marks", () => {
  it.each(texts)("of UTF-8 are no part of the text of %s", async (name, text, rows) => {
    for (const size of [1, 2, 100]) {
      const bytes = bytesOf(`\u00ef\u00bb\u00bf${text}`);
      expect(rowsOf((await readTensorFile(pieces(bytes, [size]), { name })).list)).toEqual(rows);
    }
  });

  it("of UTF-16 are refused by name", async () => {
    for (const mark of ["\u00ff\u00fe", "\u00fe\u00ff"]) {
      expect(await faultOf(readText("a.mtx", `${mark}%\0%\0`))).toBe(
        "file-unsupported | a.mtx: at byte 0: the text is UTF-16; save it as UTF-8",
      );
    }
  });
});

describe("zero bytes", () => {
  it.each([
    ["a.mtx", "%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1 5\0\n", "a.mtx:3:6:"],
    ["a.tns", "1\0 1 5\n", "a.tns:1:2:"],
    ["a.smtx", "1, 1, 1\n0\x001\n0\n", "a.smtx:2:2:"],
  ])("are no blanks in %s", async (name, text, place) => {
    expect(await faultOf(readText(name, text))).toMatch(
      new RegExp(`^file-malformed \\| ${place} expected .*\\\\u0000`),
    );
  });
});
