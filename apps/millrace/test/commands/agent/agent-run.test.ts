import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderWith } from "../../support/folder.ts";
import { millrace, type Run } from "../../support/recording-host.ts";

const few = ["--rollouts", "4", "--max-iterations", "2", "--seed", "1", "--enumerator", "150", "--optimize", "1"];

describe("agent run, resume and replay", () => {
  const run = (folder: string) => millrace(["agent", "run", "--synth", ...few, "--out", "a", "--json"], { folder });
  const base = mkdtempSync(join(tmpdir(), "millrace-"));
  let first: Run;
  beforeAll(async () => {
    first = await run(base);
  }, 120_000);
  afterAll(() => rmSync(base, { recursive: true }));

  /** A folder with what the first run kept. */
  function folderWithRun(): string {
    const folder = folderWith();
    cpSync(join(base, "a"), join(folder, "a"), { recursive: true });
    return folder;
  }
  const kept = (folder: string, file: string) => readFileSync(join(folder, "a", file), "utf8");

  test("a run tells what was asked, taken and solved", () => {
    expect(first.status).toBe(0);
    const report = JSON.parse(first.stdout);
    expect(report).toMatchObject({ model: "n-gram-synthesizer", languageModel: false, seed: 1 });
    expect(report.tasks).toHaveLength(17);
    expect(report.spending.calls).toBeGreaterThan(33);
    expect(report.spending.dollars).toBeNull();
    const taken = report.tasks.reduce((sum: number, { samples }: { samples: number }) => sum + samples, 0);
    expect(report.controls.resample.samples).toBe(taken);
    expect(report.controls.enumerator).toMatchObject({ tasks: 17, applications: expect.any(Number) });
    expect(report.optimized).toHaveLength(report.solved);
    for (const row of report.optimized) expect(row.cycles).toBeLessThanOrEqual(row.startCycles);
    const text = kept(base, "report.txt");
    expect(text).toMatch(/^plain sampling, [0-9]+ samples: [0-9]+ solved$/m);
    expect(text).toMatch(/^the enumerator, no model, [0-9]+ operators tried: [0-9]+ of 17 solved$/m);
  });

  test("a second run with the same seed keeps the same files", async () => {
    const folder = folderWith();
    expect((await run(folder)).stdout).toBe(first.stdout);
    for (const file of ["events.jsonl", "report.html"]) expect(kept(folder, file)).toBe(kept(base, file));
  });

  test("a replay gives the same report without a model", async () => {
    const replayed = await millrace(["agent", "replay", "a", "--json"], { folder: folderWithRun() });
    expect(replayed.status).toBe(0);
    const unspent = (text: string) => ({ ...JSON.parse(text), spending: null });
    expect(unspent(replayed.stdout)).toEqual(unspent(first.stdout));
  });

  test("a run that was cut anywhere ends with the same events, and asks for no call twice", async () => {
    const folder = folderWithRun();
    const [whole, calls] = [kept(folder, "events.jsonl"), kept(folder, "cassette.jsonl")];
    const keys = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).key)
        .sort();
    // In the middle of a line, as a kill leaves it.
    writeFileSync(join(folder, "a/events.jsonl"), whole.slice(0, Math.floor(whole.length * 0.6)));
    writeFileSync(join(folder, "a/cassette.jsonl"), calls.slice(0, Math.floor(calls.length * 0.7)));
    rmSync(join(folder, "a/report.json"));
    const { status } = await millrace(["agent", "resume", "a"], { folder });
    expect(status).toBe(0);
    expect(readdirSync(join(folder, "a")).sort()).toEqual(readdirSync(join(base, "a")).sort());
    expect(kept(folder, "events.jsonl")).toBe(whole);
    expect(keys(kept(folder, "cassette.jsonl"))).toEqual(keys(calls));
  });

  test("a run that was ended before its first event goes on as it was begun", async () => {
    const folder = folderWithRun();
    writeFileSync(join(folder, "a/events.jsonl"), "");
    expect((await millrace(["agent", "resume", "a"], { folder })).status).toBe(0);
    expect(kept(folder, "events.jsonl")).toBe(kept(base, "events.jsonl"));
  });

  test("a call that the recording lacks is named, with status 2", async () => {
    const folder = folderWithRun();
    const calls = kept(folder, "cassette.jsonl").split("\n");
    writeFileSync(join(folder, "a/cassette.jsonl"), calls.toSpliced(3, 1).join("\n"));
    const { status, stderr } = await millrace(["agent", "replay", "a"], { folder });
    expect(status).toBe(2);
    expect(stderr).toMatch(/the recording has no answer to call [0-9a-f]{12}/);
  });

  test("mistakes are told: no model, a folder that holds a run, no run to resume", async () => {
    const folder = folderWith();
    const none = await millrace(["agent", "run", "--out", "a"], { folder });
    expect(none.status).toBe(2);
    expect(none.stderr).toContain("no model is chosen");
    const guarded = await millrace(["agent", "run", "--synth", "--guardian", "model"], { folder });
    expect([guarded.status, guarded.stderr]).toEqual([2, expect.stringContaining("asks a language model")]);
    const free = await millrace(["agent", "run", "--synth", "--max-dollars", "1", "--out", "c"], { folder });
    expect([free.status, free.stderr]).toEqual([2, expect.stringContaining("--max-dollars cannot be kept")]);
    await millrace(
      ["agent", "run", "--synth", "--rollouts", "1", "--max-iterations", "1", "--enumerator", "1", "--out", "a"],
      { folder },
    );
    const again = await millrace(["agent", "run", "--synth", "--out", "a"], { folder });
    expect(again.stderr).toContain("a holds a run already");
    const missing = await millrace(["agent", "resume", "b"], { folder });
    expect(missing.stderr).toContain("no such file: b/learning.json");
  });
});

describe("agent bench", () => {
  test("shows the learner beside plain sampling at equal samples and the enumerator", async () => {
    const command = ["agent", "bench", "--synth", "--seeds", "2", "--rollouts", "1", "--max-iterations", "2"];
    const { status, stdout } = await millrace([...command, "--seconds", "1", "--json"]);
    expect(status).toBe(0);
    const { policies, enumerator, languageModel } = JSON.parse(stdout);
    expect(languageModel).toBe(false);
    expect(policies.map(({ policy }: { policy: string }) => policy)).toEqual(["adaptive:3", "resample"]);
    expect(policies[1].samples).toEqual(policies[0].samples);
    expect(enumerator.tasks).toHaveLength(17);
  });
});
