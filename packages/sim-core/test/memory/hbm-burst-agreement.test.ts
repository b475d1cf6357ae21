import { expect, test } from "vitest";
import { Graph, type HbmBurstOptions, hbmBurst, type SimulationReport, simulate } from "../../src/index.ts";
import { Loader } from "../support/loader.ts";
import { random } from "../support/networks.ts";
import { type TickedRequester, tickedHbm } from "../support/ticked-hbm.ts";

function runOnEngine(
  requesters: readonly TickedRequester[],
  options: HbmBurstOptions,
): { answers: number[][]; report: SimulationReport } {
  const graph = new Graph();
  const memory = graph.memory("hbm", hbmBurst(options));
  const loaders = requesters.map(({ write, burstsPerCycle, tiles, start, gap }, i) => {
    const port = memory.port(`p${i}`, { access: write ? "write" : "read", burstsPerCycle });
    return graph.add(new Loader(`n${i}`, port, { tiles: tiles.map((tile) => (write ? -tile : tile)), start, gap }));
  });
  const report = simulate(graph);
  return { answers: loaders.map((loader) => loader.answers), report };
}

test("200 mixes of readers and writers are served cycle for cycle as by the tick-by-tick arbiter", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const draw = random(seed);
    const requesters = Array.from({ length: 1 + draw(12) }, (): TickedRequester => {
      const largest = [1, 8, 100, 1000][draw(4)]!;
      return {
        write: draw(3) === 0,
        burstsPerCycle: 1 + draw(4),
        tiles: Array.from({ length: 1 + draw(6) }, () => 1 + draw(largest)),
        start: draw(40),
        gap: draw(3) === 0 ? draw(30) : 0,
      };
    });
    const options: Required<HbmBurstOptions> = {
      burstBytes: 64,
      channels: [8, 32, 7][draw(3)]!,
      latencyCycles: 1 + draw(4),
      initiationInterval: 1 + draw(3),
      startUpCycles: [14, 0, 3][draw(3)]!,
      startUp: draw(4) === 0 ? "first-burst" : "every-burst",
      spread: draw(4) === 0 ? "round-robin" : "triangular",
    };
    const { answers, report } = runOnEngine(requesters, options);
    expect([seed, answers]).toEqual([seed, tickedHbm(requesters, options)]);
    const bursts = (write: boolean): number =>
      requesters.filter((r) => r.write === write).reduce((sum, r) => sum + r.tiles.reduce((a, b) => a + b, 0), 0);
    expect(report.memories[0]!.bytesRead).toBe(64 * bursts(false));
    expect(report.memories[0]!.bytesWritten).toBe(64 * bursts(true));
  }
});

test("an idle gap of a billion cycles between two tiles costs no extra activations", () => {
  const run = (gap: number): SimulationReport =>
    runOnEngine([{ write: false, burstsPerCycle: 1, tiles: [64, 64], start: 0, gap }], {}).report;
  expect(run(1e9).cycles).toBe(2 * (64 + 18 + 1e9));
  expect(run(1e9).activations).toBe(run(0).activations);
});

test("queueing is what a request waits beyond its time on an idle memory", () => {
  const lone = runOnEngine([{ write: false, burstsPerCycle: 1, tiles: [64, 7], start: 0, gap: 0 }], {}).report;
  expect(lone.memories[0]!.ports[0]).toMatchObject({
    requests: 2,
    bytes: 71 * 64,
    latencyCycles: 64 + 7 + 34,
    queuedCycles: 0,
  });
  const crowd = runOnEngine(
    Array.from({ length: 33 }, () => ({ write: false, burstsPerCycle: 1, tiles: [64], start: 0, gap: 0 })),
    {},
  ).report;
  expect(crowd.memories[0]!.ports.some((port) => port.queuedCycles > 0)).toBe(true);
});
