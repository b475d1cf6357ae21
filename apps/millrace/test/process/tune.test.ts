import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../support/folder.ts";
import { configsOf, smallScenario } from "../support/tune-scenarios.ts";

const program = new URL("../../bin/millrace.js", import.meta.url).pathname;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function run(inputs: readonly string[], folder: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, "tune", ...inputs], { encoding: "utf8", cwd: folder });
}

test("killed at once wherever it stands, a study goes on with the same suggestions", async () => {
  const module = `import { appendFileSync } from "node:fs";
export default async ({ tile, unroll, loops }) => {
  appendFileSync("calls.txt", JSON.stringify({ tile, loops, unroll }) + "\\n");
  await new Promise((resolve) => setTimeout(resolve, 30));
  return tile === 32 ? { feasible: false } : Math.abs(tile - 8) + unroll + loops[0];
};`;
  const folder = folderWith({ "s.json": smallScenario, "m.mjs": module });
  const inputs = ["s.json", "--module", "m.mjs", "--json"];
  const whole = configsOf(run(inputs, folder).stdout);
  const calls = join(folder, "calls.txt");
  const callsOf = () => (existsSync(calls) ? readFileSync(calls, "utf8").split("\n").length - 1 : 0);
  let kills = 0;
  for (let before = callsOf(), round = 0; round < 8; round++, before = callsOf()) {
    const child = spawn(process.execPath, [program, "tune", ...inputs, "--log", "s.log", "--resume"], { cwd: folder });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_, signal) => resolve(signal)));
    while (callsOf() < before + 3 && child.exitCode === null) await pause(5);
    await pause(7 * round);
    child.kill("SIGKILL");
    if ((await ended) !== "SIGKILL") break;
    kills += 1;
  }
  expect(kills).toBeGreaterThan(2);
  const { status, stdout } = run([...inputs, "--log", "s.log", "--resume"], folder);
  expect(status).toBe(0);
  expect(configsOf(stdout)).toEqual(whole);
  // Each kill lost at most the evaluation that was running.
  expect(callsOf() - whole.length).toBeLessThanOrEqual(whole.length + kills);
}, 120_000);

test("a module may hang, end the process, throw, or return nonsense: all are results", () => {
  const module = `export function evaluate({ tile }) {
  if (tile === 1) for (;;);
  if (tile === 2) process.exit(5);
  if (tile === 4) throw new Error("cannot build");
  if (tile === 8) return "fast";
  console.log("noise");
  return { seconds: tile };
}`;
  const folder = folderWith({ "s.json": smallScenario, "m.mjs": module });
  const inputs = ["s.json", "--module", "m.mjs", "--timeout", "4", "--budget", "16", "--json", "--log", "s.log"];
  const { status, stdout, stderr } = run([...inputs, "--method", "random"], folder);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const { config, value } of JSON.parse(stdout).history)
    expect(value).toBe(config.tile >= 16 ? config.tile : null);
  const log = readFileSync(join(folder, "s.log"), "utf8");
  for (const detail of ["longer than 4 s", "the thread ended with status 5", "cannot build", "expected a number"])
    expect(log).toContain(detail);
}, 120_000);

test("a module that cannot be loaded fails every evaluation, and says why", () => {
  const folder = folderWith({ "s.json": smallScenario, "m.mjs": "export const answer = 42;" });
  const { status } = run(["s.json", "--module", "m.mjs", "--budget", "2", "--log", "s.log"], folder);
  expect(status).toBe(0);
  expect(readFileSync(join(folder, "s.log"), "utf8")).toContain("the module exports no function");
}, 60_000);
