import { describe, expect, it } from "vitest";
import {
  bimodalCounts,
  type Contention,
  explainLayer,
  type HardwareChanges,
  hardwareNamed,
  modelNamed,
  policyNamed,
  policyNames,
  readHardware,
  scheduleLayer,
} from "../../src/index.ts";
import { caught } from "../support/caught.ts";

const model = modelNamed("qwen3-30b-a3b");
const counts = bimodalCounts({ experts: 128, topK: 8, tokens: 64, seed: 4 });

function schedule(policy: string, changes: HardwareChanges = {}) {
  const hardware = hardwareNamed("h200", { gpus: 1, ...changes });
  return scheduleLayer({ model, hardware, policy: policyNamed(policy), counts });
}

describe("the schedule of a layer", () => {
  it("is never beaten by a baseline, nor the bound by any", () => {
    for (const contention of ["disjoint", "exclusive", "dual-row-buffer", "channel-split"] as Contention[]) {
      const best = schedule("oracle", { contention }).layerNs;
      const own = schedule("sieve", { contention });
      expect(own.layerNs).toBeLessThanOrEqual(best * 1.03);
      for (const name of policyNames) {
        const other = schedule(name, { contention });
        expect(other.layerNs).toBeGreaterThanOrEqual(best * (1 - 1e-12));
        expect(other.layerNs).toBeGreaterThanOrEqual(other.lowerBoundNs);
        expect(other.layerNs).toBe(Math.max(other.gpuNs, other.pimNs));
      }
    }
  });

  it("puts experts on PIM whose counts are below those left on the GPU", () => {
    const { onPim } = schedule("sieve");
    const left = [...counts.keys()].filter((expert) => counts[expert]! > 0 && !onPim.includes(expert));
    expect(Math.max(...onPim.map((expert) => counts[expert]!))).toBeLessThanOrEqual(
      Math.min(...left.map((e) => counts[e]!)),
    );
    expect(onPim.every((expert) => counts[expert]! > 0)).toBe(true);
  });

  it("over several GPUs is that of each GPU's own experts", () => {
    const whole = schedule("sieve", { gpus: 4 });
    expect(whole.layerNs).toBeLessThan(schedule("sieve").layerNs);
    expect(whole.onPim).toEqual([...whole.onPim].sort((a, b) => a - b));
  });

  it("moves only experts that fit into attached stacks, and says so by taking longer", () => {
    const roomy = schedule("pim-all");
    const tight = schedule("pim-all", { pim: { bytesPerStack: (20 * 48 * 9437184) / 6 } });
    expect(tight.onPim.length).toBeLessThanOrEqual(20);
    expect(roomy.onPim.length).toBeGreaterThan(20);
    const shared = schedule("pim-all", { contention: "exclusive", pim: { bytesPerStack: 1 } });
    expect(shared.onPim.length).toBe(roomy.onPim.length);
  });

  it("explains itself, and shows the other contentions beside it", () => {
    const hardware = hardwareNamed("h200", { gpus: 1 });
    const { explain, beside } = explainLayer({ model, hardware, policy: policyNamed("sieve"), counts });
    expect(beside.map(({ contention }) => contention)).toEqual(["exclusive", "dual-row-buffer"]);
    for (const part of [
      "sieve on 1 h200 (disjoint)",
      "active experts",
      "under exclusive",
      "under dual-row-buffer",
      "kernels measured",
    ]) {
      expect(explain).toContain(part);
    }
  });
});

describe("an explained schedule, GPU by GPU", () => {
  it("has every token of every expert on one side of one GPU", () => {
    const hardware = hardwareNamed("h200", { gpus: 4 });
    for (const name of ["sieve", "sieve-split", "gpu-only"]) {
      const { gpus, onPim, splits, gpuNs, pimNs } = explainLayer({
        model,
        hardware,
        policy: policyNamed(name),
        counts,
      });
      const tokens = new Map(gpus.flatMap(({ experts, tokens }) => experts.map((expert, at) => [expert, tokens[at]!])));
      expect([...counts.keys()].map((expert) => tokens.get(expert))).toEqual([...counts]);
      const moved = gpus.flatMap(({ experts, pimTokens }) =>
        experts.map((expert, at) => [expert, pimTokens[at]!] as const),
      );
      const expected = (expert: number) =>
        onPim.includes(expert) ? counts[expert]! : (splits.find((split) => split.expert === expert)?.pimTokens ?? 0);
      for (const [expert, pimTokens] of moved) expect(pimTokens).toBe(expected(expert));
      expect(Math.max(...gpus.map((gpu) => gpu.gpuNs))).toBe(gpuNs);
      expect(Math.max(...gpus.map((gpu) => gpu.pimNs))).toBe(pimNs);
    }
  });
});

describe("impossible input", () => {
  const of = (changes: object) =>
    caught(() =>
      scheduleLayer({
        model,
        counts,
        policy: policyNamed("sieve"),
        hardware: readHardware({ base: "h200", ...changes }),
      }),
    );

  it("that does not fit says by how much, and what would", () => {
    const large = modelNamed("qwen3.5-397b-a17b");
    const hardware = hardwareNamed("h100");
    const load = new Uint32Array(512).fill(0);
    load.fill(1, 0, 10);
    const error = caught(() => scheduleLayer({ model: large, hardware, policy: policyNamed("sieve"), counts: load }));
    expect(error.code).toBe("capacity");
    expect(error.message).toContain("qwen3.5-397b-a17b does not fit on 8 h100: each GPU would hold 96.6 GB of experts");
    expect(error.message).toContain("more than the 72.0 GB usable");
    expect(error.place.hint).toBe("it fits on 8 h200");
  });

  it("of links says which one has no bandwidth", () => {
    expect(of({ gpu: { linkBytesPerNs: 0 } }).message).toBe(
      "gpu.linkBytesPerNs is 0 bytes/ns, so nothing can be moved over it",
    );
    expect(of({ link: { bytesPerNs: 0 } }).place.hint).toContain("use the contention exclusive");
    expect(of({ gpus: 16 }).message).toContain("a node of h200 has direct links among 8, 8 too few");
  });

  it("of hardware says where the figure stands", () => {
    expect(of({ gpu: { memoryBytesPerNs: 0 } }).message).toBe(
      "gpu.memoryBytesPerNs is 0 bytes/ns, so nothing can be moved over it",
    );
    expect(of({ pim: { timing: "HBM3_5.2Gbs" } }).place.hint).toBe("did you mean HBM3_5.2Gbps?");
    expect(of({ speed: 1 }).message).toContain("hardware: speed");
    expect(caught(() => hardwareNamed("h20")).place.hint).toBe("did you mean h200?");
    expect(caught(() => policyNamed("sive")).place.hint).toBe("did you mean sieve?");
  });
});
