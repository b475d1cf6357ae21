import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "@millrace/baco-tuner";
import { expect, test } from "vitest";
import { folderWith } from "../support/folder.ts";
import { configsOf, smallScenario } from "../support/tune-scenarios.ts";

const program = new URL("../../bin/millrace.js", import.meta.url).pathname;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function run(inputs: readonly string[], folder: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, "tune", ...inputs], { encoding: "utf8", cwd: folder });
}

/** The records of a log, without what differs between two runs: the times, and the checksums over them. */
function recordsOf(log: string): string {
  return log.replace(/^[0-9a-f]{8} /gm, "").replace(/,"runMs":[\d.]+/g, "");
}

test("killed at once at random moments, a study goes on, and its log is that of a study that was not", async () => {
  const module = `import { appendFileSync } from "node:fs";
export default async ({ tile, unroll, loops }) => {
  appendFileSync("calls.txt", JSON.stringify({ tile, loops, unroll }) + "\\n");
  await new Promise((resolve) => setTimeout(resolve, 30));
  return tile === 32 ? { feasible: false } : Math.abs(tile - 8) + unroll + loops[0];
};`;
  const folder = folderWith({ "s.json": smallScenario, "m.mjs": module });
  const inputs = ["s.json", "--module", "m.mjs", "--json"];
  const whole = configsOf(run([...inputs, "--log", "whole.log"], folder).stdout);
  const random = new Random("kills");
  const calls = join(folder, "calls.txt");
  const callsOf = () => (existsSync(calls) ? readFileSync(calls, "utf8").split("\n").length - 1 : 0);
  let kills = 0;
  for (let before = callsOf(), round = 0; round < 12; round++, before = callsOf()) {
    const child = spawn(process.execPath, [program, "tune", ...inputs, "--log", "s.log", "--resume"], { cwd: folder });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_, signal) => resolve(signal)));
    // Some die while they start, some in the middle of an evaluation or of writing it down.
    const calls = before + random.below(4);
    while (callsOf() < calls && child.exitCode === null) await pause(5);
    await pause(60 * random.float());
    child.kill("SIGKILL");
    if ((await ended) !== "SIGKILL") break;
    kills += 1;
  }
  expect(kills).toBeGreaterThan(2);
  const { status, stdout } = run([...inputs, "--log", "s.log", "--resume"], folder);
  expect(status).toBe(0);
  expect(configsOf(stdout)).toEqual(whole);
  const log = (name: string) => recordsOf(readFileSync(join(folder, name), "utf8"));
  expect(log("s.log")).toBe(log("whole.log"));
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
  const inputs = ["s.json", "--module", "m.mjs", "--timeout", "1.5", "--budget", "16", "--json", "--log", "s.log"];
  const { status, stdout, stderr } = run([...inputs, "--method", "random"], folder);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const { config, value } of JSON.parse(stdout).history)
    expect(value).toBe(config.tile >= 16 ? config.tile : null);
  const log = readFileSync(join(folder, "s.log"), "utf8");
  for (const detail of ["longer than 1.5 s", "the thread ended with status 5", "cannot build", "expected a number"])
    expect(log).toContain(detail);
}, 120_000);

test("the time of an evaluation counts from its beginning, not from that of the thread", () => {
  // Loading takes longer than an evaluation may, and is given as long again.
  const module = `await new Promise((resolve) => setTimeout(resolve, 1500));
export default async ({ tile }) => {
  await new Promise((resolve) => setTimeout(resolve, tile >= 16 ? 60_000 : 1500));
  return tile;
};`;
  const folder = folderWith({ "s.json": smallScenario, "m.mjs": module, "endless.mjs": "for (;;);" });
  const inputs = ["s.json", "--timeout", "2.5", "--method", "random", "--json"];
  const { history } = JSON.parse(run([...inputs, "--module", "m.mjs", "--budget", "3"], folder).stdout);
  expect(history).toHaveLength(3);
  for (const { config, value } of history) expect(value).toBe(config.tile >= 16 ? null : config.tile);
  const endless = JSON.parse(run([...inputs, "--module", "endless.mjs", "--budget", "1"], folder).stdout);
  expect(endless.history.map(({ value }: { value: unknown }) => value)).toEqual([null]);
}, 60_000);

test("a request to terminate ends a study as ^C does", async () => {
  const module = "export default () => new Promise((resolve) => setTimeout(() => resolve(1), 20));";
  const folder = folderWith({ "s.json": smallScenario, "m.mjs": module });
  const inputs = ["tune", "s.json", "--module", "m.mjs", "--budget", "90", "--log", "s.log"];
  const child = spawn(process.execPath, [program, ...inputs], { cwd: folder });
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve([code, signal])));
  const log = join(folder, "s.log");
  while (!(existsSync(log) && readFileSync(log, "utf8").includes('"tell"')) && child.exitCode === null) await pause(5);
  child.kill("SIGTERM");
  expect(await ended).toEqual([130, null]);
  expect(existsSync(`${log}.lock`)).toBe(false);
  const { status, stderr } = run([...inputs.slice(1), "--resume"], folder);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^going on after \d+ suggestions\n/);
}, 60_000);

test("a module that cannot be loaded fails every evaluation, and says why", () => {
  const folder = folderWith({ "s.json": smallScenario, "m.mjs": "export const answer = 42;" });
  const { status } = run(["s.json", "--module", "m.mjs", "--budget", "2", "--log", "s.log"], folder);
  expect(status).toBe(0);
  expect(readFileSync(join(folder, "s.log"), "utf8")).toContain("the module exports no function");
}, 60_000);
