// Oddities of Ramulator 2.0 that can be turned off.
import { expect, test } from "vitest";
import { configurationOf, readRecorded, requestsOf } from "../support/recorded-cases.ts";
import { runEngine } from "../support/run-outcome.ts";

test("without the early arrival of forwarded reads the latency counter is the sum of the latencies", () => {
  const { cases } = readRecorded("r20-timed-cases");
  const rereads = cases.filter(({ id }) => id.includes("reread"));
  expect(rereads.length).toBe(5);
  for (const recorded of rereads) {
    const { totals, sumReadLatency } = recorded.expected;
    const configuration = configurationOf(recorded, "r20");
    const requests = requestsOf(recorded, configuration.spec);
    const latency = (quirks: { forwardedArriveEarly?: boolean }): number => {
      const { counters } = runEngine({ ...configuration, quirks }, requests, { timed: true });
      return counters.reduce((sum, channel) => sum + channel.read_latency!, 0);
    };
    expect(latency({}), recorded.id).toBe(totals!.read_latency);
    expect(latency({ forwardedArriveEarly: false }), recorded.id).toBe(sumReadLatency);
  }
});

test("without counting refusals each request counts once", () => {
  const { cases } = readRecorded("r20-loadstore-cases");
  const recorded = cases.find(({ expected }) => expected.channels !== undefined)!;
  const configuration = configurationOf(recorded, "r20");
  const requests = requestsOf(recorded, configuration.spec);
  const ratio = { frontend: recorded.frontendClockRatio ?? 1, memory: recorded.memoryClockRatio ?? 1 };
  const counted = (quirks: { countRefusals?: boolean }): number => {
    const { counters } = runEngine({ ...configuration, quirks }, requests, { timed: false, ratio });
    return counters.reduce((sum, channel) => sum + channel.num_read_reqs! + channel.num_write_reqs!, 0);
  };
  expect(counted({})).toBeGreaterThan(requests.length);
  expect(counted({ countRefusals: false })).toBe(requests.length);
});
