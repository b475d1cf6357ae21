import { describe, expect, it } from "vitest";
import { readTensorFile } from "../../../src/index.ts";
import { bytesOf, faultOf, pieces, readText, rowsOf } from "../support/read-text.ts";

describe("reading .smtx files", () => {
  const text = "% remark\n% another\n3, 4, 4\n0 2 2 4\n1 3 0 2\n";

  it("reads compressed rows as entries of value 1", async () => {
    const { header, list } = await readText("a.smtx", text);
    expect(header).toMatchObject({ format: "smtx", shape: [3, 4], field: "pattern", storedEntries: 4 });
    expect(rowsOf(list)).toEqual([
      [0, 1, 1],
      [0, 3, 1],
      [2, 0, 1],
      [2, 2, 1],
    ]);
  });

  it("reads the same however the words are cut and broken into lines", async () => {
    const whole = await readText("a.smtx", text);
    expect((await readText("a.smtx", "3 4 4\r\n0\r\n2 2\r\n4 1 3 0\r\n2")).list).toEqual(whole.list);
    for (const size of [1, 2, 3, 5]) {
      expect((await readTensorFile(pieces(bytesOf(text), [size]), { name: "a.smtx" })).list).toEqual(whole.list);
    }
  });

  it("holds over only a word of a line of any length", async () => {
    const columns = 200_000;
    const line = Array.from({ length: columns }, (_, column) => column).join(" ");
    const bytes = bytesOf(`1, ${columns}, ${columns}\n0 ${columns}\n${line}\n`);
    const file = await readTensorFile(pieces(bytes, [65_536]), { name: "a.smtx", maximumLineBytes: 64 });
    expect(file.list.coordinates[1]![columns - 1]).toBe(columns - 1);
    expect(file.cost.largestCarry).toBeLessThanOrEqual(7);
  });

  it.each([
    [
      "nothing",
      "",
      "file-truncated | a.smtx:1:1: the file ends where the number of rows should follow, after 0 offsets and 0 column indices",
    ],
    ["a word", "3, x", 'file-malformed | a.smtx:1:4: expected the number of columns, found "x"'],
    [
      "offsets that do not start at 0",
      "1, 1, 1\n1 1\n0",
      "file-malformed | a.smtx:2:1: row offset 0 is 1, but offsets start at 0 and never fall (the one before is 0)",
    ],
    [
      "offsets that fall",
      "2, 2, 2\n0 2 1\n",
      "file-malformed | a.smtx:2:5: row offset 2 is 1, but offsets start at 0 and never fall (the one before is 2)",
    ],
    [
      "a last offset that is not the count",
      "2, 2, 2\n0 1 1\n",
      "file-malformed | a.smtx:2:5: row offset 2 is 1, but the last of 3 is the number of entries, 2",
    ],
    ["a column outside", "1, 2, 1\n0 1\n2\n", "coordinate-range | a.smtx:3:1: column index 2 is outside 0 .. 1"],
    [
      "too many columns",
      "1, 2, 1\n0 1\n0 1\n",
      "file-malformed | a.smtx:3:3: one index more than the 1 entries of the header",
    ],
    [
      "too few columns",
      "1, 2, 2\n0 2\n0\n",
      "file-truncated | a.smtx:4:1: the file ends where a column index should follow, after 2 offsets and 1 column indices",
    ],
    [
      "too few offsets",
      "9, 2, 2\n0 2\n",
      "file-truncated | a.smtx:3:1: the file ends where a row offset should follow, after 2 offsets and 0 column indices",
    ],
    [
      "a huge header",
      "2147483647, 2147483647, 268435456\n0 1 2\n",
      "file-truncated | a.smtx:3:1: the file ends where a row offset should follow, after 3 offsets and 0 column indices",
    ],
    [
      "a promise beyond the limit",
      "1, 1, 999999999999\n",
      "too-large | a.smtx:1:7: the number of entries is 999999999999, more than 268435456",
    ],
  ])("says what and where for %s", async (_, broken, fault) => {
    expect(await faultOf(readText("a.smtx", broken))).toBe(fault);
  });
});
