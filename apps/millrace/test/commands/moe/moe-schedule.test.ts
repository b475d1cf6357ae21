import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const step = `${examples}/traces/qwen3-30b-step.json`;

async function scheduled(...flags: string[]) {
  const { status, stdout, stderr } = await millrace([
    "moe",
    "schedule",
    "--model",
    "qwen3-30b-a3b",
    "--json",
    ...flags,
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as {
    onPim: number[];
    gpuNs: number;
    pimNs: number;
    layerNs: number;
    lowerBoundNs: number;
    explain: string;
  };
}

describe("moe schedule", () => {
  test("prints exactly what scripts rely on", async () => {
    const schedule = await scheduled("--counts", step);
    expect(Object.keys(schedule)).toEqual(["onPim", "gpuNs", "pimNs", "layerNs", "lowerBoundNs", "explain"]);
    expect(schedule.layerNs).toBe(Math.max(schedule.gpuNs, schedule.pimNs));
    expect(schedule.lowerBoundNs).toBeLessThanOrEqual(schedule.layerNs);
    expect(schedule.explain).toContain("under exclusive");
    expect(schedule.explain).toContain("under dual-row-buffer");
  });

  test("meets the partition computed by hand, with the plain costs of its file", async () => {
    // Reading an expert takes 2457.6 ns, a token on PIM 490.622 ns: three experts with one token and four with three.
    const folder = folderWith({
      "plain.json": JSON.stringify({
        base: "h200",
        gpus: 1,
        gpuModel: "roofline",
        gpu: { kernel: { memoryFraction: 0.8, flopFraction: 0.5, tileRows: 64, fixedNs: 0 } },
        pim: { refresh: false, fixedNs: 0 },
        link: { bytesPerNs: 1e12, latencyNs: 0 },
      }),
      counts: `3 3 3 3 3 3 3 1 1 1${" 0".repeat(118)}`,
    });
    const flags = ["--model", "qwen3-30b-a3b", "--hardware", "plain.json", "--counts", "counts", "--json"];
    const { stdout } = await millrace(["moe", "schedule", ...flags], { folder });
    const { onPim, gpuNs, pimNs } = JSON.parse(stdout) as Awaited<ReturnType<typeof scheduled>>;
    expect(onPim).toEqual([0, 1, 2, 3, 7, 8, 9]);
    expect(gpuNs).toBeCloseTo(3 * 2457.6, 6);
    expect(pimNs).toBeCloseTo(15 * 490.622, 3);
  });

  test("takes a routing trace, and any policy", async () => {
    const topkIds = Array.from({ length: 16 }, (_, token) =>
      Array.from({ length: 8 }, (_, at) => (token + at * 7) % 128),
    );
    const folder = folderWith({ "trace.json": JSON.stringify({ numExperts: 128, topK: 8, topkIds }) });
    for (const policy of ["sieve", "static-16", "oracle"]) {
      const flags = ["--model", "qwen3-30b-a3b", "--trace", "trace.json", "--policy", policy, "--json"];
      const { status, stdout } = await millrace(["moe", "schedule", ...flags], { folder });
      expect(status).toBe(0);
      expect(JSON.parse(stdout).onPim.length).toBeGreaterThan(0);
    }
  });

  test("shares the tokens of one expert between both sides where the policy may", async () => {
    const machine = ["--model", "mixtral-8x7b", "--hardware", "b200", "--gpus", "1"];
    const counts = ["--counts", "counts"];
    const folder = folderWith({ counts: "65 65 65 65 65 65 65 65" });
    const run = async (policy: string) => {
      const words = ["moe", "schedule", ...machine, ...counts, "--policy", policy];
      const { status, stdout } = await millrace([...words, "--json"], { folder: folder });
      expect(status).toBe(0);
      return { ...JSON.parse(stdout), text: (await millrace(words, { folder: folder })).stdout };
    };
    const [whole, shared] = [await run("sieve"), await run("sieve-split")];
    expect(whole.splits).toBeUndefined();
    const [{ expert, pimTokens }] = shared.splits;
    expect(shared.layerNs).toBeLessThan(whole.layerNs);
    expect(shared.onPim).not.toContain(expert);
    expect(shared.text).toContain(`on both  ${expert}: ${pimTokens} of `);
  });

  test("in words shows the three contentions", async () => {
    const { stdout } = await millrace(["moe", "schedule", "--model", "qwen3-30b-a3b", "--counts", step]);
    for (const word of ["disjoint", "exclusive", "dual-row-buffer", "1 x h200", "Gini 0.782"])
      expect(stdout).toContain(word);
  });
});

describe("what cannot be scheduled", () => {
  test.each([
    [["--model", "qwen3-30b", "--counts", "c"], 'error: no model is called "qwen3-30b"'],
    [["--model", "qwen3-30b-a3b"], "error: no tokens to schedule\n  help: give --counts FILE or --trace FILE"],
    [
      ["--model", "qwen3-30b-a3b", "--counts", "c"],
      "error: 2 counts for the 128 experts of qwen3-30b-a3b\n  help: add 126 counts",
    ],
    [
      ["--model", "mixtral-8x7b", "--counts", "odd"],
      "error: the counts add up to 3, no multiple of top-2 of mixtral-8x7b: 1 more than 2\n  help: a sum of 2 (1 tokens) would fit: remove 1",
    ],
    [
      ["--model", "mixtral-8x7b", "--counts", "m", "--hardware", "dead.json"],
      "error: gpu.linkBytesPerNs is 0 bytes/ns",
    ],
    [["--model", "mixtral-8x7b", "--counts", "m", "--hardware", "h300"], 'error: no GPU is called "h300"'],
    [
      ["--model", "mixtral-8x7b", "--counts", "m", "--hardware", "h100", "--gpus", "1"],
      "error: mixtral-8x7b does not fit on 1 h100",
    ],
    [["--model", "mixtral-8x7b", "--counts", "m", "--gpus", "16"], "error: 16 GPUs cannot be linked"],
    [["--model", "bad.json", "--counts", "m"], "error: bad.json: id: "],
    [["--model", "mixtral-8x7b", "--counts", "m", "--policy", "fast"], 'error: no policy is called "fast"'],
    [["--model", "mixtral-8x7b", "--trace", "broken.json"], "error: broken.json: "],
  ])("%j", async (flags, message) => {
    const folder = folderWith({
      c: "1 2",
      odd: "1,1,1,0,0,0,0,0",
      m: "1,1,0,0,0,0,0,0",
      "dead.json": '{"base":"h200","gpus":2,"gpu":{"linkBytesPerNs":0}}',
      "bad.json": "{}",
      "broken.json": "{",
    });
    const { status, stdout, stderr } = await millrace(["moe", "schedule", ...flags], { folder });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.slice(0, message.length)).toBe(message);
  });
});
