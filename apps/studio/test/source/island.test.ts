import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { inlinedSource } from "../../src/source/inlined-source.ts";
import { fileKey, withIsland } from "../../src/source/island.ts";

const view = { id: "t", kind: "table", title: "T", file: "t.json" } as const;
const run = {
  name: "out/a",
  record: { format: "millrace-run-1", title: "A", command: [], version: "0", views: [view] },
  stamps: ["1"],
} as const;
const island = (files: object) =>
  gzipSync(JSON.stringify({ list: { runs: [run], broken: [] }, files })).toString("base64");

it("an exported page gives its runs and their files back", async () => {
  const bytes = new Uint8Array([0, 255, 60, 47]);
  const source = inlinedSource(`\n${island({ [fileKey("out/a", "t")]: Buffer.from(bytes).toString("base64") })}\n`);
  expect((await source.list()).runs).toEqual([run]);
  expect(await source.open(run, view)).toEqual(bytes);
  expect(source.live).toBe(false);
});

it("a file that was not exported is told, not guessed", async () => {
  await expect(inlinedSource(island({})).open(run, view)).rejects.toThrow("exported without the file of t of out/a");
});

it("an island stands before the end of the body", () => {
  expect(withIsland("<body>x</body></html>", "QUJD")).toBe(
    '<body>x<script type="application/gzip" id="runs">QUJD</script>\n</body></html>',
  );
});
