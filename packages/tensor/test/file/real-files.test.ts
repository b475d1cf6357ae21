import { createReadStream, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readTensorFile, structureOf } from "../../src/index.ts";

interface ExpectedCounts {
  readonly file: string;
  /** Bytes of the text. */
  readonly bytes: number;
  readonly variant?: string;
  readonly stored: number;
  readonly shape: readonly number[];
  readonly entries: number;
  readonly distinct?: number;
  readonly maximumRow?: number;
  readonly emptyRows?: number;
}

const folder = new URL("../data/files/", import.meta.url);
const counts = JSON.parse(readFileSync(new URL("expected-counts.json", folder), "utf8")) as ExpectedCounts[];

describe("real tensor files", () => {
  it.each(counts)("$file reads as an independent count says", async (expected) => {
    const { file } = expected;
    const tensor = await readTensorFile(createReadStream(new URL(file, folder)), { name: file });
    const structure = structureOf(tensor.list);
    expect({
      bytes: tensor.cost.bytes,
      shape: tensor.header.shape,
      stored: tensor.header.storedEntries,
      entries: structure.entries,
    }).toEqual({ bytes: expected.bytes, shape: expected.shape, stored: expected.stored, entries: expected.entries });
    expect(structure.duplicates).toBe(expected.entries - (expected.distinct ?? expected.entries));
    expect(structure.maximumRow).toBe(expected.maximumRow ?? structure.maximumRow);
    expect(structure.emptyRows).toBe(expected.emptyRows ?? structure.emptyRows);
    expect(tensor.header.variant).toBe(expected.variant ?? tensor.header.variant);

    const unpacked = new Uint8Array(gunzipSync(readFileSync(new URL(file, folder))));
    const again = await readTensorFile(unpacked, { name: file.replace(".gz", "") });
    expect(again.list).toEqual(tensor.list);
    expect([tensor.gzip, again.gzip]).toEqual([true, false]);
  });
});
