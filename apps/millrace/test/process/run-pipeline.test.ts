import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith, testData } from "../support/folder.ts";

const program = new URL("../../bin/millrace.js", import.meta.url).pathname;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const right = readFileSync(`${testData}/pipelines/right.yaml`, "utf8");
const words = [program, "run", "right.yaml", "--set", "tune.budget=8", "--json"];

/** Files of a run folder with their bytes, but what a kill left of files that were being written. */
function bytesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const names = files.map((file) => join(file.parentPath, file.name)).filter((name) => !name.endsWith(".partial"));
  return Object.fromEntries(names.sort().map((name) => [name.slice(folder.length), readFileSync(name, "utf8")]));
}

test("killed at once again and again, stages side by side come to the bytes of a run one after the other", async () => {
  const folder = folderWith({ "right.yaml": right });
  const run = (out: string, jobs: string) =>
    spawnSync(process.execPath, [...words, "--out", out, "--jobs", jobs], { cwd: folder, encoding: "utf8" });
  const whole = run("whole", "1");
  expect({ status: whole.status, stderr: whole.stderr }).toEqual({ status: 0, stderr: "" });
  // What there is to see from outside: results that are kept, and lines of the study's log.
  const seen = (): number => {
    const files = existsSync(join(folder, "killed")) ? Object.entries(bytesOf(join(folder, "killed"))) : [];
    return files.reduce(
      (sum, [name, text]) =>
        sum + (name.startsWith("/cache/") ? 1 : name.endsWith(".log") ? text.split("\n").length : 0),
      0,
    );
  };
  let kills = 0;
  for (let round = 0; round < 2; round++) {
    const before = seen();
    const child = spawn(process.execPath, [...words, "--out", "killed", "--jobs", "2"], { cwd: folder });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_, signal) => resolve(signal)));
    while (seen() < before + 1 && child.exitCode === null) await pause(2);
    child.kill("SIGKILL");
    if ((await ended) === "SIGKILL") kills += 1;
  }
  expect(kills).toBeGreaterThan(0);
  const last = run("killed", "2");
  expect(last.stderr).toBe("");
  const uncached = (text: string) => ({ ...JSON.parse(text), cached: null });
  expect(uncached(last.stdout)).toEqual(uncached(whole.stdout));
  expect(bytesOf(join(folder, "killed"))).toEqual(bytesOf(join(folder, "whole")));
}, 180_000);
