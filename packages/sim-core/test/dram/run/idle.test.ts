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

/** Bursts of 20 requests, `gap` ticks apart. */
function runWithGaps(name: string, gap: number, watched: boolean): DramSystem {
  const system = new DramSystem(configurationOf(name));
  if (watched) for (const channel of system.channels) channel.commandObserver = { issued: () => {} };
  const frontend = new TimedFrontend(system);
  const requests = generateTrace({ pattern: "random", n: 200, gran: 64, seed: 8, writePermille: 400 });
  for (const [i, { address, write }] of requests.entries()) frontend.submit(address, write, Math.floor(i / 20) * gap);
  frontend.finish();
  return system;
}

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
