import { describe, expect, it } from "vitest";
import { readTensorFile } from "../../../src/index.ts";
import { bytesOf, faultOf, pieces, readText } from "../support/read-text.ts";

const real = "%%MatrixMarket matrix coordinate real general\n";

/** What is wrong, the text, and the fault as `code | message`. */
const faults: readonly (readonly [string, string, string])[] = [
  ["an empty file", "", "file-truncated | m.mtx:1:1: the file ends before its banner %%MatrixMarket"],
  ["another first word", "3 3 1\n", "file-malformed | m.mtx:1:1: a Matrix Market file begins with %%MatrixMarket"],
  [
    "an unknown object",
    "%%MatrixMarket tensor coordinate real general\n",
    'file-malformed | m.mtx:1:16: expected the object matrix, found "tensor"',
  ],
  [
    "vectors",
    "%%MatrixMarket vector coordinate real general\n",
    'file-unsupported | m.mtx:1:16: expected the object matrix, found "vector"',
  ],
  [
    "an unknown layout",
    "%%MatrixMarket matrix coords real general\n",
    'file-malformed | m.mtx:1:23: expected one of coordinate, array, found "coords"',
  ],
  [
    "a missing symmetry",
    "%%MatrixMarket matrix array real\n",
    "file-malformed | m.mtx:1:33: expected one of general, symmetric, skew-symmetric, hermitian, found the end of the line",
  ],
  [
    "a sixth word",
    "%%MatrixMarket matrix array real general yes\n",
    'file-malformed | m.mtx:1:42: expected the end of the banner, found "yes"',
  ],
  [
    "a pattern array",
    "%%MatrixMarket matrix array pattern general\n",
    "file-malformed | m.mtx:1:29: an array has values, so its field cannot be pattern",
  ],
  [
    "a real hermitian matrix",
    "%%MatrixMarket matrix array real hermitian\n",
    "file-malformed | m.mtx:1:34: a hermitian matrix is complex, not real",
  ],
  [
    "a skew pattern",
    "%%MatrixMarket matrix coordinate pattern skew-symmetric\n",
    "file-malformed | m.mtx:1:42: a pattern has no sign, so it cannot be skew-symmetric",
  ],
  ["no size line", `${real}% only remarks\n`, "file-truncated | m.mtx:3:1: the file ends before its size line"],
  [
    "a short size line",
    `${real}3 3\n`,
    "file-malformed | m.mtx:2:4: expected the number of entries, found the end of the line",
  ],
  [
    "a long size line",
    `${real}3 3 1 1\n`,
    'file-malformed | m.mtx:2:7: expected the end of the line after the number of entries, found "1"',
  ],
  ["a negative size", `${real}-3 3 1\n`, 'file-malformed | m.mtx:2:1: expected the number of rows, found "-3"'],
  [
    "an extent beyond int32",
    `${real}3 4000000000 1\n`,
    "too-large | m.mtx:2:3: extent 4000000000 is beyond 2147483647, the largest one supported",
  ],
  [
    "a size beyond 2^53",
    `${real}3 3 99999999999999999999\n`,
    'too-large | m.mtx:2:5: the number of entries is "99999999999999999999", beyond 2^53',
  ],
  [
    "a promise of 10^15 entries",
    `${real}1000000000 1000000000 1000000000000000\n1 1 1\n`,
    "too-large | m.mtx:2:23: 1000000000000000 entries are more than 268435456, the limit set for reading",
  ],
  [
    "a symmetric oblong",
    "%%MatrixMarket matrix coordinate real symmetric\n3 4 0\n",
    "shape-invalid | m.mtx:2:3: a symmetric matrix is square, not 3 x 4",
  ],
  [
    "too few entries",
    `${real}3 3 2\n1 1 1\n`,
    "file-truncated | m.mtx:4:1: the file ends after 1 of the 2 entries its header promises",
  ],
  [
    "too many entries",
    `${real}3 3 1\n1 1 1\n\n  2 2 2\n`,
    "file-malformed | m.mtx:5:3: one entry more than the 1 that the header promises",
  ],
  [
    "a zero index",
    `${real}3 3 1\n1 0 1\n`,
    "coordinate-range | m.mtx:3:3: the column index is 0, but indices of this format start at 1",
  ],
  ["an index outside", `${real}3 3 1\n4 1 1\n`, "coordinate-range | m.mtx:3:1: the row index is 4, outside 1 .. 3"],
  [
    "an endless index",
    `${real}3 3 1\n${"9".repeat(400)} 1 1\n`,
    `file-malformed | m.mtx:3:1: expected the row index, found "${"9".repeat(40)}…"`,
  ],
  ["a negative index", `${real}3 3 1\n1 -1 1\n`, 'file-malformed | m.mtx:3:3: expected the column index, found "-1"'],
  ["a fractional index", `${real}3 3 1\n1.5 1 1\n`, 'file-malformed | m.mtx:3:1: expected the row index, found "1.5"'],
  [
    "a missing column",
    `${real}3 3 1\n1\n`,
    "file-malformed | m.mtx:3:2: expected the column index, found the end of the line",
  ],
  [
    "a missing value",
    `${real}3 3 1\n1 1\n`,
    "file-malformed | m.mtx:3:4: expected a number, found the end of the line",
  ],
  ["a word for a value", `${real}3 3 1\n1 1 one\n`, 'file-malformed | m.mtx:3:5: expected a number, found "one"'],
  [
    "a second value",
    `${real}3 3 1\n1 1 1 2\n`,
    'file-malformed | m.mtx:3:7: expected the end of the line after 2 indices and a value, found "2"',
  ],
  [
    "a complex value with one part",
    "%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 1\n",
    "file-malformed | m.mtx:3:6: expected a number, found the end of the line",
  ],
  [
    "a fraction among integers",
    "%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 1.5\n",
    'file-malformed | m.mtx:3:5: expected an integer, found "1.5"',
  ],
  [
    "an integer beyond 2^53",
    "%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 9007199254740993\n",
    "value-range | m.mtx:3:5: an integer beyond 2^53 cannot be kept exactly",
  ],
  [
    "a nan",
    `${real}1 1 1\n1 1 nan\n`,
    "value-range | m.mtx:3:5: the value is NaN (as written, or beyond float64); non-finite values must be allowed expressly",
  ],
  [
    "an overflow",
    `${real}1 1 1\n1 1 1e999\n`,
    "value-range | m.mtx:3:5: the value is Infinity (as written, or beyond float64); non-finite values must be allowed expressly",
  ],
  [
    "an entry above the diagonal",
    "%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n1 1 1\n 1 2 1\n",
    "file-malformed | m.mtx:4:2: entry (1, 2) is above the diagonal, but a matrix with symmetry stores only its lower triangle; is the matrix meant to be general?",
  ],
  [
    "a skew diagonal",
    "%%MatrixMarket matrix coordinate real skew-symmetric\n3 3 1\n2 2 0\n",
    "file-malformed | m.mtx:3:1: entry (2, 2) is on the diagonal, but a skew-symmetric matrix stores only entries below it; is the matrix meant to be general?",
  ],
  [
    "an imaginary part on a hermitian diagonal",
    "%%MatrixMarket matrix coordinate complex hermitian\n3 3 2\n2 1 1 1\n 2 2 1 -4\n",
    "file-malformed | m.mtx:4:2: entry (2, 2) of a hermitian matrix has the imaginary part -4; its diagonal must be real",
  ],
  [
    "an imaginary part on a hermitian array's diagonal",
    "%%MatrixMarket matrix array complex hermitian\n3 3\n1 0\n2 2\n3 3\n4 0\n5 5\n6 7\n",
    "file-malformed | m.mtx:8:3: entry (3, 3) of a hermitian matrix has the imaginary part 7; its diagonal must be real",
  ],
  [
    "control characters",
    `${real}3 3 1\n1 1 \u0001\u0002\n`,
    'file-malformed | m.mtx:3:5: expected a number, found "\\u0001"',
  ],
  [
    "a short array",
    "%%MatrixMarket matrix array real general\n2 2\n1\n2 3\n",
    "file-truncated | m.mtx:5:1: the file ends after 3 of the 4 values of the array",
  ],
  [
    "a long array",
    "%%MatrixMarket matrix array real general\n1 2\n1\n2 3\n",
    "file-malformed | m.mtx:4:3: one value more than the 2 of the array",
  ],
  [
    "a word in an array",
    "%%MatrixMarket matrix array complex general\n1 1\n1 i\n",
    'file-malformed | m.mtx:3:3: expected a number, found "i"',
  ],
  [
    "half a complex number",
    "%%MatrixMarket matrix array complex general\n1 1\n1\n",
    "file-truncated | m.mtx:4:1: the file ends after 0 of the 1 values of the array",
  ],
  [
    "an array beyond the limit",
    "%%MatrixMarket matrix array real general\n1000000000 1000000000\n",
    "too-large | m.mtx:2:12: 1000000000000000000 entries are more than 268435456, the limit set for reading",
  ],
  [
    "a nan in an array",
    "%%MatrixMarket matrix array real general\n1 1\nnan\n",
    "value-range | m.mtx:3:1: the value is NaN (as written, or beyond float64); non-finite values must be allowed expressly",
  ],
];

describe("faults of Matrix Market files", () => {
  it.each(faults)("says what and where for %s", async (_, text, fault) => {
    expect(await faultOf(readText("m.mtx", text))).toBe(fault);
  });

  it("finds the same place when the text arrives byte by byte", async () => {
    for (const [, text, fault] of faults) {
      const reading = readTensorFile(pieces(bytesOf(text), [1]), { name: "m.mtx" });
      expect(await faultOf(reading)).toBe(fault);
    }
  });

  it("refuses more entries than a limit set by the caller, mirror images included", async () => {
    const text = "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 3\n2 1\n3 1\n3 2\n";
    expect(await faultOf(readText("m.mtx", text, { maximumEntries: 2 }))).toMatch(
      /^too-large \| m\.mtx:2:5: 3 entries/,
    );
    expect(await faultOf(readText("m.mtx", text, { maximumEntries: 5 }))).toMatch(
      /^too-large \| m\.mtx:1:1: 6 entries/,
    );
    expect(await faultOf(readText("m.mtx", text, { maximumEntries: 6 }))).toBe("no fault");
  });
});
