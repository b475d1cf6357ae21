import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

interface Report {
  readonly policy: string;
  readonly throughput: number;
  readonly interactivity: number;
}

async function simulated(flags: readonly string[], folder?: string) {
  const run = await millrace(
    ["moe", "simulate", "--model", "qwen3-30b-a3b", "--json", ...flags],
    folder === undefined ? {} : { folder },
  );
  expect({ status: run.status, stderr: run.stderr.replace(/^timeline .*\n/, "") }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(run.stdout) as { policies: Report[]; beside: Record<string, Report[]>; assumptions: string[] };
}

describe("moe simulate", () => {
  test("prints what scripts rely on for each policy, and the other contentions beside it", async () => {
    const { policies, beside, assumptions } = await simulated([
      "--gpus",
      "2",
      "--batch",
      "32",
      "--policy",
      "gpu-only,sieve",
    ]);
    expect(policies.map(({ policy }) => policy)).toEqual(["gpu-only", "sieve"]);
    for (const report of policies) {
      expect(Object.keys(report)).toEqual([
        "policy",
        "throughput",
        "interactivity",
        "ttft",
        "tpot",
        "utilization",
        "energy",
      ]);
    }
    expect(policies[1]!.throughput).toBeGreaterThan(policies[0]!.throughput);
    expect(Object.keys(beside)).toEqual(["exclusive", "dual-row-buffer"]);
    expect(assumptions.length).toBeGreaterThan(8);
  });

  test("serves a trace of requests, the same twice", async () => {
    const flags = ["--gpus", "1", "--requests", `${examples}/traces/azure-conv-200.csv`, "--policy", "sieve"];
    const first = await simulated(flags);
    expect(await simulated(flags)).toEqual(first);
    expect(first.policies[0]!.interactivity).toBeGreaterThan(10);
  });

  test("draws a page with pictures and a timeline where asked", async () => {
    const folder = folderWith();
    const flags = [
      "--gpus",
      "8",
      "--batch",
      "16",
      "--policy",
      "gpu-only,sieve",
      "--out",
      "out",
      "--timeline",
      "step.pftrace",
    ];
    await simulated([...flags, "--micro-batches", "2"], folder);
    const page = readFileSync(`${folder}/out/report.html`, "utf8");
    for (const part of ["<svg", "Where a step", "What these figures rest on", "dual-row-buffer"])
      expect(page).toContain(part);
    expect(page).not.toContain("NaN");
    expect(readFileSync(`${folder}/step.pftrace`).length).toBeGreaterThan(1000);
    expect(existsSync(`${folder}/out/moe-simulate.json`)).toBe(true);
  });

  test.each([
    [["--gpus", "2"], "error: nothing to serve"],
    [["--batch", "1000000"], "error: a batch of 1000000 sequences"],
    [
      ["--batch", "4", "--prompt", "50000"],
      "error: sequences of 50128 tokens are 9168 longer than the 40960 positions",
    ],
    [["--requests", "r.csv"], "error: r.csv:2: "],
    [["--batch", "4", "--trace", "t.json"], "error: the trace routes to the top 1 of 2 experts"],
  ])("refuses %j", async (flags, message) => {
    const folder = folderWith({
      "r.csv": "ms_since_first_request,context_tokens,generated_tokens\n0,x,1\n",
      "t.json": '{"numExperts":2,"topK":1,"topkIds":[[0]]}',
    });
    const { status, stderr } = await millrace(["moe", "simulate", "--model", "qwen3-30b-a3b", ...flags], { folder });
    expect(status).toBe(2);
    expect(stderr.slice(0, message.length)).toBe(message);
  });
});
