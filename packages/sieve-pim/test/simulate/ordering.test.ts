import { describe, expect, it } from "vitest";
import {
  baselineNames,
  type Contention,
  DrawnRouting,
  hardwareNamed,
  modelNamed,
  policyNamed,
  runBatch,
  StepSimulator,
} from "../../src/index.ts";

const routings = new Map<string, DrawnRouting>();
const known = new Map<string, number>();

function tpotMs(id: string, policy: string, contention: Contention, batch: number): number {
  const key = [id, policy, contention, batch].join(" ");
  const before = known.get(key);
  if (before !== undefined) return before;
  const model = modelNamed(id);
  const hardware = hardwareNamed("b200", { contention });
  const routing = routings.get(id) ?? new DrawnRouting(model, 5);
  routings.set(id, routing);
  const simulator = new StepSimulator({ model, hardware, policy: policyNamed(policy), routing });
  const options = { batch, promptTokens: 1024, outputTokens: 200, tokenBudget: 256, sampledSteps: 2 };
  const time = runBatch(simulator, options).tpot.meanMs;
  known.set(key, time);
  return time;
}

const paper = ["qwen3.5-397b-a17b", "gpt-oss-120b", "qwen3-30b-a3b"];

describe.each([...paper, "mixtral-8x7b"])("the order of policies for %s", (id) => {
  it.each(["disjoint", "exclusive", "dual-row-buffer"] as const)("holds under %s at every batch", (contention) => {
    for (const batch of [16, 64, 256]) {
      const oracle = tpotMs(id, "oracle", contention, batch);
      const sieve = tpotMs(id, "sieve", contention, batch);
      expect(oracle).toBeLessThanOrEqual(sieve * (1 + 1e-9));
      expect(sieve).toBeLessThanOrEqual(1.03 * oracle);
      // An expert on both sides can beat even the best placement of whole ones, and never costs anything.
      expect(tpotMs(id, "sieve-split", contention, batch)).toBeLessThanOrEqual(sieve * (1 + 1e-9));
      for (const name of baselineNames) {
        expect(tpotMs(id, name, contention, batch), name).toBeGreaterThanOrEqual(sieve * (1 - 1e-9));
      }
      for (const name of ["sieve-no-comm", "sieve-no-contention", "sieve-no-overlap"]) {
        expect(tpotMs(id, name, contention, batch), name).toBeGreaterThanOrEqual(sieve * (1 - 1e-9));
      }
    }
  });
});

describe("the gain of the scheduler", () => {
  const gain = (id: string, contention: Contention, over: readonly string[]): number =>
    Math.min(...over.map((name) => tpotMs(id, name, contention, 64))) / tpotMs(id, "sieve", contention, 64);
  const rules = ["gpu-only", "pim-all", "gemv-static"];

  it("over the plain rules is from 1.1 to 2 for the models of the paper where PIM has stacks of its own", () => {
    for (const id of paper) {
      const value = gain(id, "disjoint", rules);
      expect(value, id).toBeGreaterThan(1.1);
      expect(value, id).toBeLessThan(2);
    }
  });

  it("over thresholds is small where PIM and GPU exclude each other", () => {
    for (const id of paper) {
      const value = gain(id, "exclusive", ["static-2", "static-4", "static-8", "gemv-static", "gpu-only"]);
      expect(value, id).toBeGreaterThanOrEqual(1);
      expect(value, id).toBeLessThan(1.06);
    }
  });

  it("over the GPU alone hardly exists for Mixtral, whose experts are all hot", () => {
    expect(gain("mixtral-8x7b", "exclusive", ["gpu-only"])).toBeLessThan(1.06);
  });
});
