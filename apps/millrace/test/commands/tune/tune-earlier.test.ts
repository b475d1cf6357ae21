import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";
import { configsOf, smallScenario } from "../../support/tune-scenarios.ts";

const coulomb = `${examples}/spaces/coulomb3d.json.gz`;

describe("millrace tune --after", () => {
  test("begins with the best of an earlier study, and resumes only after the same one", async () => {
    const folder = folderWith({ "empty.log": "" });
    const run = (...flags: string[]) => millrace(["tune", "--table", coulomb, "--json", ...flags], { folder });
    const first = JSON.parse((await run("--budget", "30", "--log", "first.log")).stdout);
    const second = await run("--budget", "6", "--seed", "3", "--after", "first.log", "--log", "second.log");
    expect(JSON.parse(second.stdout).history[0].config).toEqual(first.best.config);
    const resume = ["--budget", "9", "--seed", "3", "--log", "second.log", "--resume"];
    expect((await run(...resume)).stderr).toContain("the log is of another environment");
    const resumed = await run(...resume, "--after", "first.log");
    const whole = await run("--budget", "9", "--seed", "3", "--after", "first.log");
    expect(configsOf(resumed.stdout)).toEqual(configsOf(whole.stdout));
    expect((await run("--after", "empty.log")).stderr).toContain("empty.log is of no study in which anything worked");
  });

  test("takes a CSV as BaCO writes it", async () => {
    const folder = folderWith({ "s.json": smallScenario });
    const line = `"${process.execPath}" -e "console.log({tile} + {unroll})"`;
    const run = (...flags: string[]) => millrace(["tune", "s.json", "--command", line, "--json", ...flags], { folder });
    const { best } = JSON.parse((await run("--budget", "8", "--out", "first")).stdout);
    const { stdout } = await run("--budget", "3", "--seed", "2", "--after", "first/samples.csv");
    expect(JSON.parse(stdout).history[0].config).toEqual(best.config);
    writeFileSync(join(folder, "broken.csv"), 'tile,unroll,loops,seconds\n3,1,"(0, 1, 2)",1\n');
    expect((await run("--after", "broken.csv")).stderr).toContain('line 2, column tile: "3" is no value');
  }, 60_000);

  test("refuses the log of another space", async () => {
    const folder = folderWith({ "s.json": smallScenario });
    await millrace(["tune", "s.json", "--command", "echo 1", "--budget", "3", "--log", "s.log"], { folder });
    const { status, stderr } = await millrace(["tune", "--table", coulomb, "--after", "s.log"], { folder });
    expect([status, stderr]).toEqual([2, "error: s.log is of another space: 0 of its configurations are valid\n"]);
  });
});

test("in a race the worse half of the configurations is repeated less", async () => {
  const measure = `const { appendFileSync, readFileSync } = require("node:fs");
appendFileSync("calls", process.env.TUNE_TRIAL + "\\n");
const { tile, unroll } = JSON.parse(readFileSync(0, "utf8"));
console.log(tile + unroll);`;
  const folder = folderWith({ "s.json": smallScenario, "m.cjs": measure });
  const line = `"${process.execPath}" m.cjs`;
  const inputs = [
    "tune",
    "s.json",
    "--command",
    line,
    "--budget",
    "16",
    "--method",
    "random",
    "--repeat",
    "3",
    "--json",
  ];
  const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  const plain = await millrace(inputs, { folder });
  const all = calls().length;
  const raced = await millrace([...inputs, "--race"], { folder });
  const values = ({ stdout }: { stdout: string }) =>
    JSON.parse(stdout).history.map(({ value }: { value: number }) => value);
  expect(values(raced)).toEqual(values(plain));
  const saved = 2 * all - calls().length;
  expect([all, saved]).toEqual([48, 2 * stopped(values(plain))]);
});

/** How many of the values come when five or more are there whose median is less; each is measured once instead of thrice. */
function stopped(values: readonly number[]): number {
  return values.filter((value, i) => {
    const before = values.slice(0, i).sort((a, b) => a - b);
    const middle = before.length >> 1;
    const median = before.length % 2 === 1 ? before[middle]! : (before[middle - 1]! + before[middle]!) / 2;
    return before.length >= 5 && value > median;
  }).length;
}
