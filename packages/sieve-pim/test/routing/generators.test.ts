import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bimodalCounts,
  LogNormalRouter,
  modelNamed,
  popularityOf,
  powerLawCounts,
  routingStatistics,
} from "../../src/index.ts";

interface PartitionCase {
  readonly id: string;
  readonly model: string;
  readonly activeCounts: readonly number[];
}

const { cases } = JSON.parse(readFileSync(new URL("../data/partition-cases.json", import.meta.url), "utf8")) as {
  cases: readonly PartitionCase[];
};
const seeds: Record<string, number> = { "qwen3.5-397b-a17b": 100, "gpt-oss-120b": 101, "qwen3-30b-a3b": 102 };

describe("the bimodal generator", () => {
  it.each(cases)("draws the counts of $id again", ({ id, model: name, activeCounts }) => {
    const [, tokens, ranks] = /-B(\d+)-ep(\d+)-/.exec(id)!;
    const { experts, topK } = modelNamed(name);
    const counts = bimodalCounts({ experts, topK, tokens: Number(tokens), seed: seeds[name]! });
    const own = counts.slice(0, experts / Number(ranks)).filter((each) => each > 0);
    expect([...own].sort((a, b) => a - b)).toEqual(activeCounts);
  });
});

function mean(model: string, tokens: number, of: (statistics: ReturnType<typeof routingStatistics>) => number): number {
  const { experts, topK } = modelNamed(model);
  let sum = 0;
  for (let seed = 0; seed < 100; seed++) {
    const counts = new Uint32Array(experts);
    new LogNormalRouter({ experts, topK, popularity: popularityOf({ id: model }), seed }).draw(tokens, counts);
    sum += of(routingStatistics(counts));
  }
  return sum / 100;
}

describe("the log-normal generator", () => {
  it("comes within 10 % of the recorded steps of Qwen3-30B-A3B", () => {
    const within = (value: number, recorded: number): void => {
      expect(value).toBeGreaterThan(0.9 * recorded);
      expect(value).toBeLessThan(1.1 * recorded);
    };
    within(
      mean("qwen3-30b-a3b", 64, ({ active }) => active),
      65,
    );
    within(
      mean("qwen3-30b-a3b", 64, ({ singles }) => singles),
      13,
    );
    within(
      mean("qwen3-30b-a3b", 64, ({ most }) => most),
      50,
    );
    within(
      mean("qwen3-30b-a3b", 64, ({ gini }) => gini),
      0.775,
    );
    within(
      mean("qwen3-30b-a3b", 1024, ({ active }) => active),
      82,
    );
    within(
      mean("qwen3-30b-a3b", 1024, ({ most }) => most),
      800,
    );
    within(
      mean("qwen3-30b-a3b", 1024, ({ gini }) => gini),
      0.76,
    );
  });

  it("gives each token top-k different experts, whatever the popularity", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 40, noNaN: true }),
        fc.nat(),
        (experts, spread, seed) => {
          const topK = 1 + (seed % experts);
          const counts = new Uint32Array(experts);
          const router = new LogNormalRouter({ experts, topK, popularity: { spread, deadFraction: 0.5 }, seed });
          router.draw(20, counts);
          expect(counts.reduce((sum, each) => sum + each, 0)).toBe(20 * topK);
          expect(Math.max(...counts)).toBeLessThanOrEqual(20);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it("moves popularity only where it drifts", () => {
    const draws = (drift: number): string[] => {
      const popularity = { spread: 2, deadFraction: 0 };
      const router = new LogNormalRouter({ experts: 16, topK: 2, popularity, seed: 3, drift });
      return Array.from({ length: 40 }, () => {
        router.advance();
        const counts = new Uint32Array(16);
        router.draw(4000, counts);
        return String(counts.indexOf(Math.max(...counts)));
      });
    };
    expect(new Set(draws(0)).size).toBe(1);
    expect(new Set(draws(3)).size).toBeGreaterThan(1);
  });
});

describe("the power-law generator", () => {
  it("keeps the sum and puts the most loaded rank first", () => {
    for (const exponent of [1.01, 1.2]) {
      for (const tokens of [1, 7, 300]) {
        const counts = powerLawCounts({ experts: 128, topK: 8, tokens, exponent, seed: 9, ranks: 8 });
        expect(counts.reduce((sum, each) => sum + each, 0)).toBe(8 * tokens);
        const loads = Array.from({ length: 8 }, (_, r) => counts.slice(r * 16, r * 16 + 16).reduce((s, n) => s + n, 0));
        expect(Math.max(...loads)).toBe(loads[0]);
      }
    }
  });
});
