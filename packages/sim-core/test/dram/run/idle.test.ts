// Time without requests costs nothing, and is counted all the same.
import { describe, expect, test } from "vitest";
import { summarizeChannel } from "../../../src/dram/report/channel-summary.ts";
import { originalCounters } from "../../../src/dram/run/counters.ts";
import { type DramConfiguration, DramSystem } from "../../../src/dram/run/dram-system.ts";
import { TimedFrontend } from "../../../src/dram/run/timed.ts";
import { generateTrace } from "../support/generate-trace.ts";
import { recordedSpec, specNames } from "../support/recorded-cases.ts";

function configurationOf(name: string): DramConfiguration {
  const common = {
    mapping: "RoBaRaCoCh",
    refresh: "all-bank",
    rowPolicy: "open",
    cap: 4,
    scheduler: "frfcfs",
  } as const;
  return { spec: recordedSpec(name), channels: 1, ...common };
}

const traffic = { pattern: "random", gran: 64, seed: 8, writePermille: 400 } as const;

/** Bursts of 20 requests, `gap` ticks apart. */
function runWithGaps(name: string, gap: number, watched: boolean): DramSystem {
  const system = new DramSystem(configurationOf(name));
  if (watched) for (const channel of system.channels) channel.commandObserver = { issued: () => {} };
  const frontend = new TimedFrontend(system);
  const requests = generateTrace({ ...traffic, n: 200 });
  for (const [i, { address, write }] of requests.entries()) frontend.submit(address, write, Math.floor(i / 20) * gap);
  frontend.finish();
  return system;
}

/** Accept and depart, from `start`, of requests that begin there, after one that is done long before. */
function timesFrom(name: string, start: number): [number, number][] {
  const system = new DramSystem(configurationOf(name));
  const times: [number, number][] = [];
  const frontend = new TimedFrontend(system, {
    accepted: (request, clk) => {
      times[request] = [clk - start, -1];
    },
    departed: (request, clk) => {
      times[request]![1] = clk - start;
    },
  });
  frontend.submit(0, true, 1);
  const meanGap = Math.ceil(configurationOf(name).spec.timing.nREFI! / 100);
  for (const { address, write, arrival } of generateTrace({ ...traffic, n: 300, meanGap, gapSeed: 7 })) {
    frontend.submit(address, write, start + arrival);
  }
  frontend.finish();
  return times.slice(1);
}

describe("ticks beyond 32 bits", () => {
  test.each(specNames)("%s goes on as ever where its epoch moves, in the midst of requests", (name) => {
    // Whole pairs of periods, so that refreshes and half clocks fall as they do early on.
    const period = 2 * recordedSpec(name).timing.nREFI!;
    const early = timesFrom(name, 4 * period);
    for (const tick of [2 ** 29, 2 ** 30, 2 ** 31, 2 ** 32, 2 ** 36]) {
      expect(timesFrom(name, Math.floor(tick / period) * period)).toEqual(early);
    }
  });
});

describe("a channel without requests", () => {
  test.each(specNames)("%s skips its refreshes with the counters of running them", (name) => {
    const interval = recordedSpec(name).timing.nREFI!;
    // Requests meet refreshes that are far away, close by, and under way.
    const gaps = [1, 2, 3, 5].map((periods) => Math.floor((periods + 0.137) * interval));
    for (const gap of [5 * interval, 40 * interval + 77, 199 * interval + 1, 12 * interval + 19, ...gaps]) {
      const skipped = runWithGaps(name, gap, false).channels[0]!;
      const run = runWithGaps(name, gap, true).channels[0]!;
      expect(originalCounters(skipped)).toEqual(originalCounters(run));
      expect(summarizeChannel(skipped)).toEqual(summarizeChannel(run));
      expect(skipped.lastCommand).toBe(run.lastCommand);
      expect(skipped.events).toBeLessThanOrEqual(run.events);
    }
  });

  test.each(specNames)("%s takes no more steps for gaps of a billion ticks", (name) => {
    const events = (gap: number): number => runWithGaps(name, gap, false).channels[0]!.events;
    const interval = recordedSpec(name).timing.nREFI!;
    // Refreshes may meet the requests at another moment: a handful of steps either way.
    expect(events(1e9 + 7)).toBeLessThan(events(20 * interval) + 300);
  });
});
