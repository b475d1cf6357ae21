import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const program = `${examples}/programs/packed.step`;
const trace = `${examples}/traces/packed-rows.json`;

interface Answer {
  readonly status: number;
  readonly document: { readonly cycles: number; readonly computeUtilization: number };
}

async function json(...words: string[]): Promise<Answer> {
  const { status, stdout, stderr } = await millrace(["step", ...words, "--json"]);
  expect(stderr).toBe("");
  return { status, document: JSON.parse(stdout) };
}

describe("step check", () => {
  test("counts what a well-formed program has", async () => {
    const { document } = await json("check", program);
    expect(document).toMatchObject({ valid: true, name: "packed", nodes: 8, tensors: 1 });
  });

  test("lists all faults of a text with their places, status 2", async () => {
    const folder = folderWith({ "bad.step": "program bad\n%a = acum {fn = add}\n%b = zip %a, %c\n" });
    const { status, stderr } = await millrace(["step", "check", "bad.step"], { folder });
    expect(status).toBe(2);
    expect(stderr).toContain("bad.step:2:6: error: there is no operator 'acum'");
    expect(stderr).toContain("bad.step:3:14: error: there is no stream '%c'");
  });

  test("names the place in JSON that is wrong", async () => {
    const folder = folderWith({ "bad.json": '{"format":"millrace-step","version":1,"name":"x"}', "worse.json": "{" });
    const { status, stderr } = await millrace(["step", "check", "bad.json"], { folder });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*(symbols|tensors|nodes)/);
    const worse = await millrace(["step", "check", "worse.json"], { folder });
    expect(worse.stderr).toMatch(/^error: worse.json is not JSON: /);
  });
});

describe("step print", () => {
  test("JSON and text read back as the same program", async () => {
    const printed = await millrace(["step", "print", program, "--form", "json"]);
    const folder = folderWith({ "packed.json": printed.stdout });
    const again = await millrace(["step", "print", "packed.json", "--no-types"], { folder });
    expect(again.stdout).toBe((await millrace(["step", "print", program, "--no-types"])).stdout);
    expect(again.stdout).toBe(readFileSync(program, "utf8").split("\n").slice(1).join("\n"));
  });

  test("draws the graph", async () => {
    const { stdout } = await millrace(["step", "print", program, "--form", "svg"]);
    expect(stdout).toContain("<svg");
    expect(stdout).toContain("retile");
  });
});

describe("step analyze", () => {
  test("gives formulas, and numbers from symbols or a trace", async () => {
    const { document } = await json("analyze", program);
    expect(document).toMatchObject({ offChipBytes: "16384*sum(ceil(L/4))", values: null });
    const values = {
      offChipBytes: 81_920,
      onChipBytes: 56_320,
      flops: 165_120,
      operationalIntensity: 165_120 / 81_920,
    };
    expect((await json("analyze", program, "--symbol", "B=3", "--symbol", "L=5,1,8")).document).toMatchObject({
      values,
    });
    expect((await json("analyze", program, "--trace", trace)).document).toMatchObject({ values });
  });

  test("halves loads, and counts as the published program does, where asked for", async () => {
    const flags = ["--profile", "artifact", "--load-bytes", "2", "--count", "on-demand", "--trace", trace];
    expect((await json("analyze", program, ...flags)).document).toMatchObject({ values: { offChipBytes: 40_960 } });
  });
});

describe("step simulate", () => {
  test("gives cycles, bytes and operations", async () => {
    const { status, document } = await json("simulate", program, "--trace", trace);
    expect(status).toBe(0);
    expect(document).toMatchObject({
      offChipBytes: 81_920,
      onChipBytes: { allocated: 56_320, onDemand: 56_320 },
      trafficBytes: 81_920,
      flops: 165_120,
      deadlock: null,
    });
    const { cycles, computeUtilization } = document;
    expect(computeUtilization).toBeCloseTo(165_120 / (1024 * cycles), 12);
  });

  test("takes the same cycles with values, which equal those of the interpreter", async () => {
    const timing = await json("simulate", program, "--trace", trace);
    const checked = await json("simulate", program, "--trace", trace, "--tensor", "w=random", "--check");
    expect(checked.status).toBe(0);
    expect(checked.document).toMatchObject({ cycles: timing.document.cycles, check: { differing: 0 } });
  });

  test("runs on command-level DRAM, on an ideal memory, and without the habits of the published machine", async () => {
    const cycles = async (...flags: string[]): Promise<number> =>
      (await json("simulate", program, "--trace", trace, ...flags)).document.cycles;
    const plain = await cycles();
    expect(await cycles("--memory", "dram:hbm2-2000")).toBeGreaterThan(plain);
    expect(await cycles("--memory", "ideal")).toBeLessThan(plain);
    expect(await cycles("--quirk", "start-up=first-burst")).toBeLessThan(plain);
  });

  test("ends with status 3 and the depth that frees it where queues are too small", async () => {
    const folder = folderWith({
      "diamond.step": `program diamond
%x = source {shape = [4], element = f32[1, 1]}
%s = source {shape = [4], element = multihot(2)}
%p = partition %x, %s {rank = 0}
assert s.n0 = s.n1
%sum = map %p:0, %p:1 {fn = add}
%out = output %sum
`,
    });
    const words = ["step", "simulate", "diamond.step", "--source", "x=1.2.3.4.D", "--source", "s=0.0.1.1.D"];
    const { status, stdout } = await millrace(words, { folder });
    expect(status).toBe(3);
    expect(stdout).toContain("slots free it: --depth 2");
    expect(stdout).toMatch(/ {2}p waits for a free slot in p:0, which sum owes it/);
    expect((await millrace([...words, "--depth", "2"], { folder })).status).toBe(0);
  });

  test.each([
    [["--depths", "nobody=4"], "--depths: the program has no node 'nobody'"],
    [["--quirk", "loads=three"], '--quirk: loads is one-tile or two-tiles, not "three"'],
    [["--quirk", "start=first"], "--quirk: there is no quirk 'start'"],
    [["--memory", "hbm"], 'must be hbm-burst, ideal or dram:PRESET, not "hbm"'],
    [["--source", "who=1.D"], "the program has no source 'who'; its sources are: rows"],
    [["--tensor", "v=random", "--mode", "functional"], "--tensor: the program has no tensor 'v'; it has: w"],
  ])("refuses %j", async (flags, message) => {
    const { status, stderr } = await millrace(["step", "simulate", program, "--trace", trace, ...flags]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("step optimize", () => {
  const unpacked = `${examples}/programs/unpacked.step`;

  test("explains what it changes, and prints a program that runs faster to the same values", async () => {
    const folder = folderWith({});
    const words = ["step", "optimize", unpacked, "--pass", "dynamic-tiling", "--to", "fast.step"];
    const { status, stdout } = await millrace(words, { folder });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\/\/ dynamic-tiling: chunks, packs: tiles of 4 rows become one of all rows: /);
    const run = async (program: string) => {
      const flags = ["--trace", trace, "--tensor", "w=1", "--check", "--json"];
      return JSON.parse((await millrace(["step", "simulate", program, ...flags], { folder })).stdout);
    };
    const [before, after] = [await run(unpacked), await run("fast.step")];
    expect(after.outputs.result).toBe(before.outputs.result);
    expect(after.check.differing).toBe(0);
    expect(after.cycles).toBeLessThan(before.cycles);
    expect(after.offChipBytes).toBeLessThan(before.offChipBytes);
  });

  test.each([
    [["--pass", "dynamic-tiling"], 'dynamic-tiling: chunks, packs: "sums" folds over several tiles'],
    [["--pass", "time-multiplex"], "time-multiplex needs the setting 'regions', pipelines that are left"],
    [["--pass", "dynamic-tile"], "there is no pass 'dynamic-tile'; did you mean 'dynamic-tiling'?"],
    [["--pass", "time-multiplex:regions"], 'must be NAME or NAME:SETTING=VALUE, not "time-multiplex:regions"'],
  ])("refuses %j with the reason", async (flags, message) => {
    const { status, stderr } = await millrace(["step", "optimize", program, ...flags]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
