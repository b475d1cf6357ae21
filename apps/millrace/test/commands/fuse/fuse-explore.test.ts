import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const model = "gcn:nodes=12,features=6,hidden=4,classes=3";
const explore = ["fuse", "explore", model, "--jobs", "1", "--lanes", "1,2,2x2", "--orders", "2", "--json"];
const inside = (folder: string, name: string): string => readFileSync(join(folder, "out", name), "utf8");

test("an exploration runs every granularity and lanes, checked, fastest first", async () => {
  const { status, stdout } = await millrace(explore);
  expect(status).toBe(0);
  const { configurations, checked, cycles, figures } = JSON.parse(stdout);
  expect(checked).toBe(true);
  const granularities = ["unfused", "partial", "full", "proposed"];
  const keys = configurations.map(
    (each: { granularity: string; lanes: number[] }) => `${each.granularity} ${each.lanes}`,
  );
  for (const granularity of granularities)
    for (const lanes of ["1", "2", "2,2"]) expect(keys).toContain(`${granularity} ${lanes}`);
  const all = configurations.map((each: { cycles: number }) => each.cycles);
  expect(all).toEqual(all.toSorted((a: number, b: number) => a - b));
  expect(cycles).toBe(all[0]);
  expect(figures.map(({ name }: { name: string }) => name)).toEqual([
    "fusion",
    "work",
    "lanes",
    "estimates",
    "order-counts",
  ]);
});

test("data drawn anew makes a figure of its own, from the input asked for", async () => {
  const args = [
    "fuse",
    "explore",
    model,
    "--jobs",
    "1",
    "--data",
    "uniform:0.1,block-diagonal:0.25",
    "--vary",
    "A",
    "--json",
  ];
  const { stdout } = await millrace(args);
  const { rows } = JSON.parse(stdout).figures.find(({ name }: { name: string }) => name === "data");
  expect(rows.map(({ pattern }: { pattern: string }) => pattern)).toEqual([
    ...Array.from({ length: 3 }, () => "uniform"),
    ...Array.from({ length: 3 }, () => "block-diagonal"),
  ]);
});

test("tiles are points of their own, and a figure", async () => {
  const { stdout } = await millrace(["fuse", "explore", model, "--jobs", "1", "--blocks", "1,2", "--json"]);
  const { configurations, figures, checked } = JSON.parse(stdout);
  expect(checked).toBe(true);
  const ran = configurations.filter(({ cycles }: { cycles: number | null }) => cycles !== null);
  expect(new Set(ran.map(({ block }: { block: number }) => block))).toEqual(new Set([1, 2]));
  expect(figures.map(({ name }: { name: string }) => name)).toContain("blocks");
});

test("a folder keeps results, figures as CSV and a report; a torn record is gone on with, to the same bytes", async () => {
  const folder = folderWith({});
  const first = await millrace([...explore, "--out", "out"], { folder });
  const files = ["explored.jsonl", "fusion.csv", "lanes.csv", "report.html", "fuse-explore.json"];
  const whole = files.map((name) => inside(folder, name));
  expect(whole[1]!.split("\r\n")[0]).toBe("data,granularity,regions,cycles,speedUp,best");
  expect(whole[3]!.match(/<svg/g)!.length).toBeGreaterThan(3);

  const torn = folderWith({});
  mkdirSync(join(torn, "out"));
  const lines = whole[0]!.split("\n").slice(0, 4);
  writeFileSync(join(torn, "out", "explored.jsonl"), `${lines.join("\n")}\n{"data":"giv`);
  const again = await millrace([...explore, "--out", "out"], { folder: torn });
  expect(again.stderr).toContain("going on after 3 results");
  expect(again.stdout).toBe(first.stdout);
  expect(files.map((name) => inside(torn, name))).toEqual(whole);
});

test("threads give the same bytes", async () => {
  const few = ["fuse", "explore", model, "--lanes", "1,2", "--out", "out", "--jobs"];
  const folder = folderWith({});
  await millrace([...few, "1"], { folder });
  const threads = folderWith({});
  const bin = join(import.meta.dirname, "../../../bin/millrace.js");
  execFileSync(process.execPath, [bin, ...few, "2"], { cwd: threads });
  for (const name of ["explored.jsonl", "fusion.csv", "report.html"]) {
    expect(inside(threads, name)).toBe(inside(folder, name));
  }
});

test("results of another model are not mixed in", async () => {
  const folder = folderWith({});
  await millrace([...explore, "--out", "out"], { folder });
  const before = inside(folder, "explored.jsonl");
  const { status, stderr } = await millrace([...explore, "--out", "out", "--seed", "1"], { folder });
  expect(status).toBe(2);
  expect(stderr).toContain("results of another model, other data");
  expect(inside(folder, "explored.jsonl")).toBe(before);
});

test("a stop keeps what was finished", async () => {
  const folder = folderWith({});
  let looked = 0;
  const { status, stderr } = await millrace([...explore, "--out", "out"], {
    folder,
    stopRequested: () => ++looked > 3,
  });
  expect(status).toBe(130);
  expect(stderr).toContain("interrupted after 3 of 24 configurations");
  expect(inside(folder, "explored.jsonl").trimEnd().split("\n")).toHaveLength(4);
});

const mistakes: readonly (readonly [readonly string[], string])[] = [
  [["--lanes", "0"], "from 1 to 256"],
  [["--data", "uniform"], "PATTERN:DENSITY"],
  [["--data", "uniform:2"], "PATTERN:DENSITY"],
  [["--data", "uniform:0.5", "--vary", "b1"], "b1 is no sparse matrix"],
];
test.each(mistakes)("%j is refused with one message", async (args, message) => {
  const { status, stderr } = await millrace(["fuse", "explore", model, ...args]);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});
