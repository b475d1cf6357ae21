import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

describe("millrace embed trace", () => {
  test("says of 131,072 ids how often a cache hits, exactly", async () => {
    const run = await millrace(["embed", "trace", `${examples}/traces/reuse-2021.u32le.gz`, "--json"]);
    const { lookups, unique, lruHitRate, reuse } = JSON.parse(run.stdout);
    expect({ lookups, unique }).toEqual({ lookups: 131_072, unique: 23_998 });
    // Counted when the trace was made, by a list of rows in the order of their use.
    const counted = { 128: 7256, 1024: 35_607, 8192: 90_341, 65536: 107_074 };
    for (const [rows, hits] of Object.entries(counted)) expect(lruHitRate[rows] * lookups).toBeCloseTo(hits, 6);
    expect(reuse.average).toBeCloseTo(131_072 / 23_998, 9);
  });

  test("refuses what cannot be expanded", async () => {
    const folder = folderWith({ "ids.u32le.gz": Uint8Array.of(0x1f, 0x8b, 8, 0, 1) });
    const run = await millrace(["embed", "trace", "ids.u32le.gz"], { folder });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("cannot expand ids.u32le.gz");
  });
});
