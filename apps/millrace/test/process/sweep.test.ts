import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examples, folderWith } from "../support/folder.ts";

const program = new URL("../../bin/millrace.js", import.meta.url).pathname;
const space = ["moe:qwen3-30b-a3b", "-i", "batch=16", "-i", "gpus=2", "--sample", "6", "--seed", "5"];

function run(folder: string, ...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const inputs = [program, "sweep", ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, inputs, { encoding: "utf8", cwd: folder });
  return { status, stdout, stderr };
}

test("a sweep that is ended hard at any moment goes on to the same bytes", async () => {
  const whole = folderWith();
  const first = run(whole, "run", ...space, "--out", "out", "--json");
  expect(first).toMatchObject({ status: 0, stderr: "" });
  const { jobs, finished, feasible, pareto } = JSON.parse(first.stdout);
  expect([jobs, finished, feasible]).toEqual([6, 6, 6]);
  expect(pareto.length).toBeGreaterThan(0);
  const folder = folderWith();
  for (const wait of [1200, 1600]) {
    const killed = spawn(process.execPath, [program, "sweep", "run", ...space, "--out", "out", "--quiet"], {
      cwd: folder,
    });
    const ended = new Promise((resolve) => killed.on("exit", resolve));
    await new Promise((resolve) => setTimeout(resolve, wait));
    killed.kill("SIGKILL");
    await ended;
  }
  const last = run(folder, "run", ...space, "--out", "out", "--json");
  expect(last).toEqual(first);
  const document = (where: string) => readFileSync(join(where, "out/sweep.json"), "utf8");
  expect(document(folder)).toBe(document(whole));
  // Nothing that is known runs again.
  expect(run(folder, "run", ...space, "--out", "out").stdout).toContain("6 of 6 configurations; 0 ran now, 6 before");
}, 180_000);

test("shards give together what one run gives; files must be the same everywhere", () => {
  const folder = folderWith({ "routing.json": readFileSync(`${examples}/traces/routing-mixtral.json`) });
  expect(run(folder, "plan", ...space, "--shards", "2", "--out", "plan").stdout).toContain("6 jobs in 2 shards");
  expect(readFileSync(join(folder, "plan/array.sh"), "utf8")).toContain("--array=0-1");
  expect(run(folder, "shard", "plan", "0").stdout).toBe("shard 0: 3 jobs ran, 0 had an outcome\n");
  expect(run(folder, "merge", "plan", "--json")).toMatchObject({ status: 3 });
  run(folder, "shard", "plan", "1");
  expect(run(folder, "shard", "plan", "1").stdout).toBe("shard 1: 0 jobs ran, 3 had an outcome\n");
  expect(run(folder, "merge", "plan", "--json")).toEqual(run(folder, "run", ...space, "--json"));
  const traced = ["step-moe:mixtral", "-i", "trace=routing.json", "--sample", "1"];
  run(folder, "plan", ...traced, "--shards", "1", "--out", "traced");
  writeFileSync(join(folder, "routing.json"), "[[0,1]]");
  run(folder, "shard", "traced", "0");
  expect(readFileSync(join(folder, "traced/shard-0.log"), "utf8")).toContain("is another file here");
}, 180_000);
