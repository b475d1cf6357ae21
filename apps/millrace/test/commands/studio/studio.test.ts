import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { RunFolder } from "../../../src/files/run-folder.ts";
import { folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

function folderWithRun(): string {
  const folder = folderWith({ "file.txt": "x" });
  new RunFolder(folder, "out/a", ["millrace", "x"]).view("text", "Text", { text: "</script> é" });
  return folder;
}

describe("studio", () => {
  test("tells where it serves, and ends when asked to", async () => {
    const run = await millrace(["studio", "--json"], { folder: folderWithRun(), stopRequested: () => true });
    expect(run.status).toBe(0);
    expect(run.stderr).toMatch(/^1 run at http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/\n$/);
    expect(JSON.parse(run.stdout)).toEqual({ url: expect.stringContaining("127.0.0.1"), runs: ["out/a"] });
  });

  test("exports one file with the runs inside, the same bytes each time", async () => {
    const folder = folderWithRun();
    const pages = [];
    for (const file of ["a.html", "b.html"]) {
      expect(await millrace(["studio", "out/a", "--export", file], { folder })).toMatchObject({
        status: 0,
        stderr: "",
      });
      pages.push(readFileSync(join(folder, file), "utf8"));
    }
    expect(pages[0]).toBe(pages[1]);
    const [, island = ""] = /<script type="application\/gzip" id="runs">([^<]*)</.exec(pages[0]!) ?? [];
    const { list, files } = JSON.parse(gunzipSync(Buffer.from(island, "base64")).toString());
    expect(list.runs[0]).toMatchObject({ name: "out/a", record: { title: "x" } });
    expect(Buffer.from(files['["out/a","text"]'], "base64").toString()).toBe('{"text":"</script> é"}\n');
  });

  test.each([
    [["studio", "nowhere"], "no such folder: nowhere"],
    [["studio", "file.txt"], "file.txt is a file, expected the folder of a run"],
    [["studio", "out"], "out is no run: it has no run.json"],
    [["studio", "text"], "text/run.json: "],
    [["studio", "other"], "other/run.json: at $.format: "],
    [["studio", "old"], 'old/run.json: at $.format: this is "millrace-run-0", and this version reads millrace-run-1'],
    [["studio", "gone", "--export", "x.html"], "no such file: gone/views/text.json"],
    [["studio", "--port", "70000"], "--port must be an integer from 0 to 65535"],
  ])("%j is refused with one message", async (words, message) => {
    const folder = folderWithRun();
    for (const [name, text] of Object.entries({
      text: "{",
      other: '{"views": []}',
      old: '{"format": "millrace-run-0"}',
    })) {
      new RunFolder(folder, name, []).view("text", "", { text: "" });
      writeFileSync(join(folder, name, "run.json"), text);
    }
    const record = readFileSync(join(folder, "out/a/run.json"), "utf8");
    new RunFolder(folder, "gone", []).view("text", "", { text: "" }, { id: "other" });
    writeFileSync(join(folder, "gone/run.json"), record);
    const run = await millrace(words, { folder });
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 2, stdout: "" });
    expect(run.stderr).toContain(message);
    expect(run.stderr.match(/^error/gm)).toHaveLength(1);
  });

  test("a folder without runs is told to whoever exports it", async () => {
    const run = await millrace(["studio", "--export", "x.html"], { folder: folderWith() });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("there is no run to export below this folder");
  });
});
