import { describe, expect, it } from "vitest";
import {
  type AttentionOptions,
  attention,
  attentionTrace,
  qwen30bAttention,
  type Strategy,
  simulateProgram,
} from "../../src/index.ts";
import { coarseCycles, dynamicCycles, interleavedCycles } from "../support/attention-oracles.ts";
import { azureWindows } from "../support/azure-lengths.ts";

function cycles(lengths: readonly number[], strategy: Strategy, more: Partial<AttentionOptions> = {}): number {
  const batch = lengths.length;
  const options = { batch, ...qwen30bAttention, cacheTiles: 256, strategy, bandwidth: 2048, ...more };
  const { sources } = attentionTrace(lengths, options);
  const { report } = simulateProgram(attention(options), { sources }, { bytesPerF32: 2 });
  expect(report.deadlock).toBeNull();
  return report.cycles;
}

const strategies = ["coarse", "interleaved", "dynamic"] as const;
const published = azureWindows.filter((window) => window.cycles !== undefined);

describe("decode attention on the lengths of the published runs", () => {
  it.each([16, 64, 80])("takes the published cycles in every run of batch %i", (batch) => {
    const windows = published.filter(({ lengths }) => lengths.length === batch);
    expect(windows.length).toBeGreaterThanOrEqual(6);
    for (const { lengths, cycles: expected } of windows) {
      for (const [place, strategy] of strategies.entries()) {
        // One cycle of it is how the end of a run is counted.
        const difference = Math.abs(cycles(lengths, strategy) - expected![place]!);
        expect(difference).toBeLessThanOrEqual(batch === 16 ? 2 : 14);
      }
    }
  });

  it("follows the closed forms on lengths without a published run", () => {
    const others = azureWindows.filter((window) => window.cycles === undefined);
    expect(others.length).toBe(12);
    for (const { lengths } of others.filter((_, place) => place % 3 === 0)) {
      const tiles = lengths.map((length) => Math.ceil((length + 1) / 32));
      const error = (actual: number, expected: number): number => Math.abs(actual / expected - 1) * 100;
      expect(error(cycles(lengths, "coarse"), coarseCycles(tiles))).toBeLessThan(0.05);
      expect(error(cycles(lengths, "interleaved"), interleavedCycles(tiles))).toBeLessThan(1);
      expect(error(cycles(lengths, "dynamic"), dynamicCycles(tiles))).toBeLessThan(1);
    }
  });
});

describe("like for like", () => {
  const [{ lengths } = { lengths: [] }] = published.filter((window) => window.firstRow === 1845);

  it("coarse blocks of four use all regions at batch 16", () => {
    const tiles = lengths.map((length) => Math.ceil((length + 1) / 32));
    const four = cycles(lengths, "coarse", { block: 4 });
    expect(Math.abs(four / coarseCycles(tiles, 4) - 1)).toBeLessThan(0.001);
    expect(cycles(lengths, "coarse") / four).toBeGreaterThan(3);
  });

  it("deeper queues in front of the regions let interleaved requests start early", () => {
    expect(cycles(lengths, "interleaved", { queueDepth: 16 })).toBeLessThan(cycles(lengths, "interleaved"));
  });
});
