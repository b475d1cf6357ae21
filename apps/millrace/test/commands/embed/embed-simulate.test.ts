import { describe, expect, test } from "vitest";
import { folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const trace = { "ids.log": "1 3 0 4 4\n" };
const dims = ["--trace", "ids.log", "--dims", "rows=5,width=4,bag=2"];

async function simulate(args: readonly string[], files: Readonly<Record<string, string>> = trace) {
  return millrace(["embed", "simulate", ...args], { folder: folderWith(files) });
}

describe("millrace embed simulate", () => {
  test.each([
    [0, { tokens: 20, scalars: 60, vectors: 0 }],
    [1, { tokens: 5, scalars: 5, vectors: 15 }],
    [2, { tokens: 5, scalars: 5, vectors: 5 }],
    [3, { tokens: 8, scalars: 0, vectors: 5 }],
  ])("counts what goes through the queue at level %i", async (opt, expected) => {
    const run = await simulate(["sls", ...dims, "--opt", String(opt), "--json"]);
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
    const result = JSON.parse(run.stdout);
    expect(result).toMatchObject({ operation: "sls", machine: "dae", opt, memory: "ideal", lookups: 5, ...expected });
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining(["cycles", "lookupsPerSecond", "bytes", "stalls", "energyPicojoules"]),
    );
    expect(result.lookupsPerSecond).toBeCloseTo((5 / result.cycles) * 2.6e9, 3);
  });

  test.each(["ideal", "hbm-burst", "dram:hbm3-6400"])("runs on memory %s", async (memory) => {
    const run = await simulate(["spmm", ...dims, "--memory", memory, "--json"]);
    expect(JSON.parse(run.stdout)).toMatchObject({ memory, memoryBytes: 64 * 5 });
  });

  test.each([
    ["core", "core"],
    ["gpu", "h100"],
    ["t4", "t4"],
  ])("takes %s as a machine without a queue", async (name, machine) => {
    const run = await simulate(["sls", ...dims, "--machine", name, "--json"]);
    expect(JSON.parse(run.stdout)).toMatchObject({ machine, tokens: 0, lookups: 5 });
  });

  test("takes bags from offsets, and gathers from block ids", async () => {
    const files = { ...trace, "offsets.log": "0 2 2" };
    const bags = await simulate(["mean", ...dims, "--offsets", "offsets.log", "--json"], files);
    expect(JSON.parse(bags.stdout)).toMatchObject({ tokens: 8, lookups: 5 });
    const gather = await simulate(["gather", "--trace", "ids.log", "--dims", "width=16,block=2", "--json"]);
    expect(JSON.parse(gather.stdout)).toMatchObject({ tokens: 0, streams: [{ memory: "idx" }, { lines: 10 }] });
  });

  test("takes machines from files", async () => {
    const files = { ...trace, "m.yaml": "base: dae\nname: one line\noutstandingLines: 1\n" };
    const slow = JSON.parse((await simulate(["sls", ...dims, "--machine", "m.yaml", "--json"], files)).stdout);
    const fast = JSON.parse((await simulate(["sls", ...dims, "--json"], files)).stdout);
    expect(slow.machine).toBe("one line");
    expect(slow.cycles).toBeGreaterThan(fast.cycles);
  });

  test("says in words where the time went, and keeps a report and a timeline", async () => {
    const folder = folderWith(trace);
    const run = await millrace(["embed", "simulate", "sls", ...dims, "--out", "out", "--timeline", "t.pftrace"], {
      folder,
    });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain("core waits for the queue");
    expect(run.stdout).toContain("8 tokens, 0 scalars, 5 vectors");
    expect(run.stderr).toContain("out/report.html");
    expect(run.stderr).toContain("t.pftrace: open it at");
  });

  test.each([
    ["an operation there is not", ["slz", ...dims], trace, "did you mean sls?"],
    ["dims without a width", ["sls", "--trace", "ids.log", "--dims", "rows=5"], trace, "has no width"],
    [
      "a name of an extent there is not",
      ["sls", "--trace", "ids.log", "--dims", "widht=5"],
      trace,
      "did you mean width?",
    ],
    ["an id outside of the table", ["sls", "--trace", "ids.log", "--dims", "4x4"], trace, "ids[3] is 4"],
    ["offsets that fall", ["sls", ...dims, "--offsets", "o"], { ...trace, o: "0 3 2" }, "bag 1 goes from 3 to 2"],
    ["a machine there is not", ["sls", ...dims, "--machine", "tpu"], trace, 'there is no machine "tpu"'],
    [
      "memory for a core",
      ["sls", ...dims, "--machine", "core", "--memory", "hbm-burst"],
      trace,
      "a core has its memory",
    ],
    [
      "a queue that is too small",
      ["sls", ...dims, "--machine", "m.json"],
      { ...trace, "m.json": '{"base": "dae", "queue": {"chunkBytes": 8}}' },
      "an event pushes 32 bytes",
    ],
  ])("refuses %s", async (_, args, files, message) => {
    const run = await simulate(args, files as Readonly<Record<string, string>>);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
  });

  test.each([
    ["base: dea\n", "m.yaml:1:7", "did you mean dae?"],
    ["base: dae\nqueue:\n  chunks: none\n", "m.yaml:3:11", "chunks must be an integer"],
    [
      "base: core\ncaches:\n  - bytes: 1\n    nanoseconds: 1\n  - bytes: -1\n    nanoseconds: 2\n",
      "m.yaml:5:12",
      "bytes must be",
    ],
    ["base: [dae\n", "m.yaml:2:1", "not YAML"],
  ])("points at the fault of a machine file: %j", async (text, place, message) => {
    const run = await simulate(["sls", ...dims, "--machine", "m.yaml"], { ...trace, "m.yaml": text });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(place);
    expect(run.stderr).toContain(message);
  });
});
