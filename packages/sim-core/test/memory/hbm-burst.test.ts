import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hbmBurst } from "../../src/index.ts";
import { loadTiles } from "../support/loader.ts";

test("a lone reader takes t(A + 18) + 2 cycles for t tiles of A bursts", () => {
  expect(loadTiles(hbmBurst(), 1, 20, 1).cycles).toBe(382);
  expect(loadTiles(hbmBurst(), 1, 20, 64).cycles).toBe(1642);
  expect(loadTiles(hbmBurst(), 1, 8, 256).cycles).toBe(2194);
});

test("saturated readers agree with the closed form within two cycles", () => {
  for (const [readers, tiles, bursts, cycles] of [
    [24, 20, 64, 2187],
    [33, 20, 64, 2828],
    [64, 8, 256, 8241],
    [24, 10, 4096, 61_610],
    [128, 4, 4096, 131_103],
  ] as const) {
    const off = Math.abs(loadTiles(hbmBurst(), readers, tiles, bursts).cycles - cycles);
    expect([readers, tiles, bursts, off <= 2]).toEqual([readers, tiles, bursts, true]);
  }
});

test("round robin spreads worse than the triangular offset where measured so", () => {
  const model = hbmBurst({ spread: "round-robin" });
  expect(Math.abs(loadTiles(model, 24, 20, 64).cycles - 2262)).toBeLessThanOrEqual(2);
  expect(Math.abs(loadTiles(model, 33, 20, 64).cycles - 2772)).toBeLessThanOrEqual(2);
});

test("every recorded run is met within the two cycles of its shut-down race", () => {
  const rows = readFileSync(new URL("../data/hbm_node_cycles.csv", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  expect(rows).toHaveLength(24);
  for (const row of rows) {
    const [readers, tiles, bursts, , channels, latency, interval, startUp, one, two] = row.split(",").map(Number);
    const model = hbmBurst({
      channels: channels!,
      latencyCycles: latency!,
      initiationInterval: interval!,
      startUpCycles: startUp!,
    });
    const { cycles } = loadTiles(model, readers!, tiles!, bursts!);
    expect([row, Math.min(Math.abs(cycles - one!), Math.abs(cycles - two!)) <= 2]).toEqual([row, true]);
  }
});
