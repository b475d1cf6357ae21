import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../support/folder.ts";

const program = new URL("../../bin/millrace.js", import.meta.url).pathname;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const model = "gcn:nodes=40,features=16,hidden=8,classes=4";
const inputs = [program, "fuse", "explore", model, "--lanes", "1,2,3,4,2x2,4x2", "--data", "uniform:0.05", "--json"];

test("killed at once again and again, an exploration in threads comes to the bytes of one that was not", async () => {
  const folder = folderWith({});
  const run = (out: string, jobs: string) =>
    spawnSync(process.execPath, [...inputs, "--out", out, "--jobs", jobs], { cwd: folder, encoding: "utf8" });
  const whole = run("whole", "1");
  expect({ status: whole.status, stderr: whole.stderr }).toEqual({ status: 0, stderr: "" });
  const record = join(folder, "killed", "explored.jsonl");
  const lines = () => (existsSync(record) ? readFileSync(record, "utf8").split("\n").length - 1 : 0);
  let kills = 0;
  for (let round = 0; round < 4; round++) {
    const before = Math.max(1, lines());
    const child = spawn(process.execPath, [...inputs, "--out", "killed", "--jobs", "2"], { cwd: folder });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_, signal) => resolve(signal)));
    while (lines() < before + 3 && child.exitCode === null) await pause(2);
    child.kill("SIGKILL");
    if ((await ended) === "SIGKILL") kills += 1;
  }
  expect(kills).toBeGreaterThan(1);
  const last = run("killed", "2");
  expect(last.status).toBe(0);
  expect(last.stdout).toBe(whole.stdout);
  const files = ["explored.jsonl", "fusion.csv", "lanes.csv", "report.html"];
  const bytes = (out: string) => files.map((name) => readFileSync(join(folder, out, name), "utf8"));
  expect(bytes("killed")).toEqual(bytes("whole"));
}, 300_000);
