import { describe, expect, it } from "vitest";
import { faultOf, readText, rowsOf } from "../support/read-text.ts";

describe("reading .tns files", () => {
  it("reads frostt entries from index 1 and takes the largest coordinates for extents", async () => {
    const { header, list } = await readText("a.tns", "# remark\n2 3 1 0.5\n\n1 1 4 -2\n");
    expect(header).toMatchObject({
      format: "frostt",
      shape: [2, 3, 4],
      storedEntries: 2,
      variant: "indices-start-at-one",
    });
    expect(list.shape).toEqual([2, 3, 4]);
    expect(rowsOf(list)).toEqual([
      [1, 2, 0, 0.5],
      [0, 0, 3, -2],
    ]);
  });

  it("reads vectors", async () => {
    expect(rowsOf((await readText("a.tns", "3 1\n1 2\n")).list)).toEqual([
      [2, 1],
      [0, 2],
    ]);
  });

  it("tells parti by a lone order, and takes its extents", async () => {
    const { header, list } = await readText("a.tns", "# remark\n3\n4 5 6\n1 1 1 1\n4 5 6 2");
    expect(header).toMatchObject({ format: "parti", shape: [4, 5, 6] });
    expect(rowsOf(list)).toEqual([
      [0, 0, 0, 1],
      [3, 4, 5, 2],
    ]);
  });

  it("reads genten from index 0 unless its first line says one", async () => {
    const zero = await readText("a.tns", "sptensor\n3\n4 3 2\n2\n0 0 0 1.0e+000\n3 2 1 3\n");
    expect(zero.header).toMatchObject({ format: "genten", shape: [4, 3, 2], variant: "indices-start-at-zero" });
    expect(rowsOf(zero.list)).toEqual([
      [0, 0, 0, 1],
      [3, 2, 1, 3],
    ]);
    const one = await readText("a.tns", "sptensor indices-start-at-one\n2\n4 3\n1\n4 3 7\n");
    expect(rowsOf(one.list)).toEqual([[3, 2, 7]]);
  });

  it("tells the extended dialect by its comment only", async () => {
    const text = "# extended FROSTT format\n2 1\n4 3\n4 3 7\n";
    const inWords = text.replace("FROSTT format", "with two meta data lines:");
    expect((await readText("a.tns", inWords)).header).toMatchObject({ format: "extended-frostt", shape: [4, 3] });
    const { header, list } = await readText("a.tns", text);
    expect(header).toMatchObject({ format: "extended-frostt", shape: [4, 3], storedEntries: 1 });
    expect(rowsOf(list)).toEqual([[3, 2, 7]]);
    expect((await readText("a.tns", "2 1\n4 3\n4 7\n")).header.format).toBe("frostt");
  });

  it("lets a dialect asked for overrule the first line", async () => {
    const text = "2 1\n4 3\n4 3 7\n";
    expect((await readText("a.tns", text, { format: "extended-frostt" })).header.shape).toEqual([4, 3]);
    expect(await faultOf(readText("a.tns", "3\n1 1 1\n", { format: "frostt" }))).toBe(
      "file-malformed | a.tns:1:2: expected coordinates and a value on one line",
    );
  });

  it.each([
    ["nothing", "# remark\n", "file-truncated | a.tns:2:1: the file holds no entries"],
    ["a cut header", "sptensor\n3\n", "file-truncated | a.tns:3:1: the file ends within its genten header"],
    [
      "a base that is no base",
      "sptensor from-two\n",
      "file-malformed | a.tns:1:10: expected indices-start-at-zero, indices-start-at-one or the end of the line",
    ],
    ["no modes", "0\n", "file-malformed | a.tns:1:1: a tensor file has at least one mode"],
    ["too many modes", "65\n", "too-large | a.tns:1:1: 65 modes are more than 64"],
    [
      "a missing extent",
      "3\n4 5\n",
      "file-malformed | a.tns:2:4: expected the extent of mode 3, found the end of the line",
    ],
    [
      "a zero index",
      "1 1 1\n0 1 1\n",
      "coordinate-range | a.tns:2:1: the row index is 0, but indices of this format start at 1",
    ],
    [
      "an index outside",
      "3\n4 5 6\n1 1 7 1\n",
      "coordinate-range | a.tns:3:5: the index of mode 3 of 3 is 7, outside 1 .. 6",
    ],
    [
      "an index outside, from 0",
      "sptensor\n2\n4 5\n1\n4 0 1\n",
      "coordinate-range | a.tns:5:1: the row index is 4, outside 0 .. 3",
    ],
    [
      "an index beyond int32",
      "1 1 1\n1 3000000000 1\n",
      "coordinate-range | a.tns:2:3: the column index is 3000000000, outside 1 .. 2147483647",
    ],
    ["a shorter line", "1 1 1 1\n1 1 1\n", "file-malformed | a.tns:2:6: expected a number, found the end of the line"],
    [
      "a longer line",
      "1 1 1\n1 1 1 1\n",
      'file-malformed | a.tns:2:7: expected the end of the line after 2 indices and a value, found "1"',
    ],
    [
      "fewer entries than promised",
      "sptensor\n1\n4\n2\n0 1\n",
      "file-truncated | a.tns:6:1: the file ends after 1 of the 2 entries its header promises",
    ],
    [
      "more entries than promised",
      "sptensor\n1\n4\n1\n0 1\n1 1\n",
      "file-malformed | a.tns:6:1: one entry more than the 1 that the header promises",
    ],
    [
      "a huge promise",
      "sptensor\n1\n4\n999999999999999\n",
      "too-large | a.tns:4:1: 999999999999999 entries are more than 268435456, the limit set for reading",
    ],
  ])("says what and where for %s", async (_, text, fault) => {
    expect(await faultOf(readText("a.tns", text))).toBe(fault);
  });

  it("refuses more entries than the limit where nothing is promised", async () => {
    const fault = await faultOf(readText("a.tns", "1 1\n".repeat(3000), { maximumEntries: 2000 }));
    expect(fault).toBe("too-large | a.tns:2001:1: more than 2000 entries, the limit set for reading");
  });
});
