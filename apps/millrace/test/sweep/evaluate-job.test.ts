import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Json, jobOf } from "@millrace/sweep";
import { expect, test } from "vitest";
import evaluateJob, { type SpaceTask, spaceTask } from "../../src/sweep/evaluate-job.ts";
import { folderWith } from "../support/folder.ts";

const config = { tiling: "dynamic", tileInner: 256, regions: 8, depth: 4 };
const routing = JSON.stringify([
  [0, 1],
  [2, 3],
  [1, 7],
]);

function request(folder: string, value: string) {
  return { area: "step-moe", subject: "mixtral-8x7b", inputs: [{ name: "trace", value }], folder, seed: 0 };
}

function run(task: SpaceTask, folder: string): Promise<Json> {
  return evaluateJob({ ...jobOf(task as unknown as Json, config), context: { folder } });
}

test("a job gives the costs of its configuration where its files are the same", async () => {
  const folder = folderWith({ "routing.json": routing });
  const task = spaceTask(request(folder, "routing.json"));
  expect(Object.keys(task.files)).toEqual(["routing.json"]);
  expect(await run(task, folderWith({ "routing.json": routing }))).toMatchObject({ feasible: true });
  await expect(run(task, folderWith())).rejects.toThrow("there is no file routing.json here");
  writeFileSync(join(folder, "routing.json"), "[[0,1]]");
  await expect(run(task, folder)).rejects.toThrow("routing.json is another file here");
});

test("a job cannot name a file whose digest it does not have, wherever that lies", async () => {
  const folder = folderWith();
  const secret = join(folderWith({ "secret.json": "[[0,1]]" }), "secret.json");
  const task = spaceTask(request(folder, secret));
  await expect(run({ ...task, files: {} }, folder)).rejects.toThrow("secret.json is another file here");
  await expect(run({ ...task, files: { [secret]: "0".repeat(64) } }, folder)).rejects.toThrow("is another file here");
});

test("the files of a sweep are those that its subject names, those with a part and those of a memory", () => {
  const folder = folderWith({ "model.ein": "x", "a.npz": "y", "hbm.yaml": "z" });
  const inputs = [
    { name: "a", value: "a.npz#data" },
    { name: "memory", value: "dram:hbm.yaml" },
    { name: "b", value: "random:3" },
  ];
  const { files } = spaceTask({ area: "fuse", subject: "model.ein", inputs, folder, seed: 0 });
  expect(Object.keys(files).sort()).toEqual(["a.npz", "hbm.yaml", "model.ein"]);
});
