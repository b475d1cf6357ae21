// A run of five million requests whose result users of Ramulator 2.0 published.
import { expect, test } from "vitest";
import { originalCounters } from "../../../src/dram/run/counters.ts";
import { DramSystem } from "../../../src/dram/run/dram-system.ts";
import { LoadStoreFrontend } from "../../../src/dram/run/load-store.ts";
import { MersenneTwister } from "../support/mersenne-twister.ts";
import { readRecorded, recordedSpec } from "../support/recorded-cases.ts";

interface PublicRun {
  readonly config: { readonly frontendClockRatio: number; readonly memoryClockRatio: number };
  readonly expected: Readonly<Record<string, number>> & {
    readonly channel0: Readonly<Record<string, number>>;
    readonly channel4: Readonly<Record<string, number>>;
  };
}

const REQUESTS = 5_000_000;

test("the published stream ends in the published cycle with the published counters", { timeout: 120_000 }, () => {
  const { config, expected } = readRecorded<PublicRun>("r20-public-issue42");
  const whole = recordedSpec("r20-hbm3-1ch");
  // Of the 4 Gb part: half the rows, and its own refresh time.
  const counts = whole.counts.map((count, level) => (level === whole.bankLevel + 1 ? 2 ** 14 : count));
  const system = new DramSystem({
    spec: { ...whole, counts, timing: { ...whole.timing, nRFC: 260 } },
    channels: 8,
    mapping: "RoBaRaCoCh",
    refresh: "all-bank",
    rowPolicy: "open",
    cap: 4,
    scheduler: "frfcfs",
  });
  const ratio = { frontend: config.frontendClockRatio, memory: config.memoryClockRatio };
  const frontend = new LoadStoreFrontend(system, ratio);
  const random = new MersenneTwister(0);
  for (let i = 1; i <= REQUESTS; i++) frontend.submit((64 * i) % 2 ** 30, random.next() >= 0.8);
  expect(frontend.finish()).toBe(expected.memory_system_cycles);
  const accepted = (of: "acceptedReads" | "acceptedWrites"): number =>
    system.channels.reduce((sum, { counters }) => sum + counters[of], 0);
  expect(accepted("acceptedReads")).toBe(expected.total_num_read_requests);
  expect(accepted("acceptedWrites")).toBe(expected.total_num_write_requests);
  const counters = system.channels.map(originalCounters);
  expect(counters[0]).toMatchObject(expected.channel0);
  expect(counters[4]).toMatchObject(expected.channel4);
});
