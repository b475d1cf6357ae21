// Threads need the built program.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../support/folder.ts";
import { partitionedTraces } from "../support/partitioned-traces.ts";

const program = new URL("../../bin/millrace.js", import.meta.url).pathname;
const inputs = ["dram", "hbm3-6400", "--channels", "8", "--trace", "t", "--partitioned"];

function run(folder: string, ...more: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...inputs, ...more], {
    encoding: "utf8",
    cwd: folder,
  });
  return { status, stdout, stderr };
}

// Each run starts the whole program, which takes a while where many do.
const TIMEOUT = 120_000;

test("1, 2 and 4 threads print the same bytes", { timeout: TIMEOUT }, () => {
  const folder = folderWith(partitionedTraces({ channels: 8, requests: 4000, form: "timed" }));
  const one = run(folder, "--json");
  expect(one).toMatchObject({ status: 0, stderr: "" });
  expect(JSON.parse(one.stdout).requests).toBe(18_000);
  for (const jobs of ["2", "4"]) expect(run(folder, "--json", "--jobs", jobs)).toEqual(one);
  // So do the logs and the page, and a fault leaves none of them.
  const kept = (folderName: string, jobs: string): string[] => {
    expect(run(folder, "--commands", `${folderName}/log`, "--out", folderName, "--jobs", jobs).status).toBe(0);
    const names = readdirSync(join(folder, folderName)).filter((name) => /^(log|report)/.test(name));
    return names.map((name) => readFileSync(join(folder, folderName, name), "utf8"));
  };
  const alone = kept("alone", "1");
  expect(alone).toHaveLength(9);
  expect(kept("threads", "3")).toEqual(alone);
});

test("of several faults that of the first channel is told, on any number of threads", { timeout: TIMEOUT }, () => {
  const files = partitionedTraces({ channels: 8, requests: 200, form: "loadstore" });
  const folder = folderWith({ ...files, "t.ch3": "LD 0x60\nLD nothing\n", "t.ch4": "garbage\n", "t.ch6": "LD 0x0\n" });
  const one = run(folder);
  expect(one).toMatchObject({ status: 2, stdout: "" });
  expect(one.stderr).toContain('t.ch3:2:4: error: expected an address, not "nothing"');
  expect(run(folder, "--jobs", "3")).toEqual(one);
  expect(run(folder, "--jobs", "3", "--commands", "log")).toEqual(one);
  expect(readdirSync(folder).filter((name) => name.startsWith("log"))).toEqual([]);
});

test("interrupted, threads print nothing; run again, they print what one prints", { timeout: TIMEOUT }, async () => {
  const folder = folderWith(partitionedTraces({ channels: 8, requests: 60_000, form: "loadstore" }));
  // Progress on stderr would need a terminal: the time is taken from a whole run instead.
  const before = performance.now();
  const whole = run(folder, "--json");
  const took = performance.now() - before;
  const child = spawn(process.execPath, [program, ...inputs, "--json", "--jobs", "3"], { cwd: folder });
  let printed = "";
  child.stdout.on("data", (text: Buffer) => {
    printed += text.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on("exit", (status) => resolve(status)));
  await new Promise((resolve) => setTimeout(resolve, took / 2));
  child.kill("SIGINT");
  const status = await ended;
  // It may have been done by then, or not have begun to listen.
  if (status !== 0) expect(printed).toBe("");
  expect([130, 0, null]).toContain(status);
  expect(run(folder, "--json", "--jobs", "3")).toEqual(whole);
});
