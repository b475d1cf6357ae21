import { describe, expect, it } from "vitest";
import {
  expertOnPim,
  gemvCommands,
  gemvCycles,
  hardwareNamed,
  modelNamed,
  refreshStretch,
  timingNamed,
} from "../../src/index.ts";
import { gemvCases } from "../support/recorded.ts";

const plain = gemvCases.filter(
  ({ gemv, expected }) => gemv.tokens === 1 && gemv.spread === "bg" && expected.commandHistogram.REFab === undefined,
);

describe("the closed form of a product", () => {
  it("covers twenty of the recorded products", () => {
    expect(plain.length).toBeGreaterThanOrEqual(20);
  });

  it.each(plain)("gives the recorded cycles of $id", ({ timing, gemv, expected }) => {
    const shape = { rowsPerChannel: gemv.rowsPerChannel, columns: gemv.cols, bytes: gemv.bytes };
    expect(gemvCycles(shape, timingNamed(timing))).toBe(expected.memory_system_cycles);
    const { writes, macs, rows, moves } = gemvCommands(shape);
    const { WRGB, MACAB, ACTAB, MVSB } = expected.commandHistogram;
    const { channels } = gemv;
    expect([writes, macs, rows, moves].map((each) => each * channels)).toEqual([WRGB, MACAB, ACTAB, MVSB]);
  });

  it("with the stretch of refreshing comes within 1 % of long refreshed products", () => {
    for (const { id, timing, gemv, expected } of gemvCases.filter(({ id }) => id.startsWith("row512"))) {
      if (id.endsWith("No")) continue;
      const shape = { rowsPerChannel: gemv.rowsPerChannel, columns: gemv.cols, bytes: gemv.bytes };
      const cycles = gemvCycles(shape, timingNamed(timing)) * refreshStretch(timingNamed(timing));
      expect(Math.abs(cycles / expected.memory_system_cycles - 1)).toBeLessThan(0.01);
    }
  });

  it("gets no slower with kept vectors or overlapped writes", () => {
    const timing = timingNamed("HBM3_5.2Gbps");
    for (const shape of [
      { rowsPerChannel: 16, columns: 2048, bytes: 2 },
      { rowsPerChannel: 299, columns: 4096, bytes: 2 },
      { rowsPerChannel: 3, columns: 7168, bytes: 1 },
    ]) {
      const once = gemvCycles(shape, timing);
      expect(gemvCycles(shape, timing, { written: true })).toBeLessThan(once);
      expect(gemvCycles(shape, timing, { overlapWrites: true })).toBeLessThan(once);
    }
  });
});

describe("an expert on PIM", () => {
  const cycles = (model: string, gpu: string): number =>
    expertOnPim(modelNamed(model), hardwareNamed(gpu, { pim: { refresh: false } })).groupCycles[1]!;
  const ns = (model: string, gpu: string): number =>
    expertOnPim(modelNamed(model), hardwareNamed(gpu, { pim: { refresh: false } })).groupNs[1]!;

  it("costs what its two products cost, as published for 96 and 128 channels", () => {
    expect(cycles("qwen3-30b-a3b", "h200")).toBe(443 + 195);
    expect(ns("qwen3-30b-a3b", "h200")).toBeCloseTo(490.622, 9);
    expect(ns("qwen3-30b-a3b", "b200")).toBeCloseTo(429.102, 9);
    expect(cycles("qwen3.5-397b-a17b", "h200")).toBe(1117 + 425);
    expect(cycles("gpt-oss-120b", "h200")).toBe(771 + 475);
    expect(cycles("mixtral-8x7b", "h200")).toBe(9199 + 6123);
  });

  it("does not reach the rate of its MACs where it is small", () => {
    const { macs, groupCycles, timing } = expertOnPim(modelNamed("qwen3-30b-a3b"), hardwareNamed("h200"));
    const reached = (macs * timing.nCCDAB) / groupCycles[1]!;
    expect(reached).toBeGreaterThan(0.4);
    expect(reached).toBeLessThan(0.5);
  });

  it("costs less with each of the three improvements, and the least with all", () => {
    const time = (pim: object): number => {
      const { groupNs } = expertOnPim(modelNamed("qwen3.5-397b-a17b"), hardwareNamed("h200", { gpus: 1, pim }));
      return groupNs.at(-1)! / (groupNs.length - 1);
    };
    const plainNs = time({});
    const each = [time({ vectorReuse: true }), time({ overlapWrites: true }), time({ accumulators: 4 })];
    for (const better of each) expect(better).toBeLessThan(plainNs);
    expect(time({ vectorReuse: true, overlapWrites: true, accumulators: 4 })).toBeLessThanOrEqual(Math.min(...each));
  });
});
