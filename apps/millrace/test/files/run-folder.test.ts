import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readGraphView, readRunRecord } from "@millrace/studio";
import { expect, test } from "vitest";
import { RunFolder } from "../../src/files/run-folder.ts";
import { folderWith } from "../support/folder.ts";

const command = ["millrace", "sam", "run", "spmv.gv", "--out", "kept", "x"];
const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
const text = { text: "x" };

test("a view is on the disk with the record that names it, and the same run leaves the same bytes", () => {
  const graph = { nodes: [{ id: "a", label: "A", kind: "alu" }], edges: [] };
  const files = [0, 1].map(() => {
    const folder = folderWith();
    const run = new RunFolder(folder, "kept", command);
    run.view("graph", "Graph", graph);
    run.view("timeline", "Timeline", new Uint8Array([1, 2]));
    expect(readGraphView(read(join(folder, "kept/views/graph.json")))).toEqual(graph);
    expect(readRunRecord(read(join(folder, "kept/run.json")))).toMatchObject({
      title: "sam run spmv.gv",
      command,
      views: [
        { id: "graph", kind: "graph", title: "Graph", file: "views/graph.json" },
        { id: "timeline", kind: "timeline", title: "Timeline", file: "views/timeline.pftrace" },
      ],
    });
    return readFileSync(join(folder, "kept/run.json"), "utf8");
  });
  expect(files[0]).toBe(files[1]);
});

test("a view with the name of an earlier one takes its place", () => {
  const folder = folderWith();
  const run = new RunFolder(folder, "kept", command);
  run.view("text", "Before", text);
  run.view("text", "After", { text: "y" });
  expect(readdirSync(join(folder, "kept/views"))).toEqual(["text.json"]);
  expect(read(join(folder, "kept/views/text.json"))).toEqual({ text: "y" });
});

test("any names make files inside the folder, and different names different files", () => {
  const folder = folderWith();
  const run = new RunFolder(folder, "kept", command);
  const ids = ["../a", "a b", "a?b", "A-b", "/etc/passwd", "stage/text", "..", "C:\\x", ""].map((id) => `${id}.`);
  for (const id of ids) run.view("text", id, text, { id });
  const { views } = readRunRecord(read(join(folder, "kept/run.json")));
  expect(views.map(({ id }) => id)).toEqual(ids);
  expect(new Set(views.map(({ file }) => file.toLowerCase())).size).toBe(ids.length);
  expect(readdirSync(folder)).toEqual(["kept"]);
  for (const { file } of views) expect(read(join(folder, "kept", file))).toEqual(text);
});
