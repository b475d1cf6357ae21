// The event-driven engine against the per-cycle oracle on random memories, traces and feeds.
import fc from "fast-check";
import { expect, test } from "vitest";
import { StalledError } from "./oracle/run-literal.ts";
import { type RandomRun, randomRun } from "./support/arbitrary-run.ts";
import { type RunOutcome, runEngine, runOracle } from "./support/run-outcome.ts";

const counters = [
  ...["row_hits", "row_misses", "row_conflicts", "num_read_reqs", "num_write_reqs", "read_latency"],
  ...["read_queue_len", "write_queue_len", "priority_queue_len", "queue_len", "write_row_hits", "read_row_misses"],
];

test("event by event and tick by tick give the same commands, times and counters", { timeout: 300_000 }, () => {
  const runs = Number(process.env.DRAM_RUNS ?? 500);
  const seen = { r20: 0, r21: 0 };
  fc.assert(
    fc.property(randomRun, (run) => {
      seen[run.configuration.spec.profile] += 1;
      compare(run);
    }),
    { seed: 20, numRuns: runs },
  );
  expect(Math.min(seen.r20, seen.r21)).toBeGreaterThan(runs / 4);
});

function outcomeOf(run: () => RunOutcome): RunOutcome | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof StalledError) return null;
    throw error;
  }
}

function compare({ configuration, requests, feed }: RandomRun): void {
  const longest = 50_000 + (requests.at(-1)?.arrival ?? 0);
  const slow = outcomeOf(() => runOracle(configuration, requests, feed, longest));
  if (slow === null) {
    // Refreshes that leave no time for requests, or a bank that its rules never let go: told, not run for ever.
    expect(() => runEngine(configuration, requests, feed)).toThrow(/requests wait in channel/);
    return;
  }
  const fast = runEngine(configuration, requests, feed);
  expect(fast.logs).toEqual(slow.logs);
  expect(fast.cycles).toBe(slow.cycles);
  expect(fast.completions).toEqual(slow.completions);
  for (const [channel, own] of fast.counters.entries()) {
    const other = slow.counters[channel]!;
    for (const name of counters) expect([name, own[name]]).toEqual([name, other[name]]);
  }
  expect(fast.events).toBeLessThanOrEqual(slow.cycles * configuration.channels);
  // Without anybody who watches its commands a channel counts refreshes that it need not run.
  const unwatched = runEngine(configuration, requests, feed, false);
  expect(unwatched.cycles).toBe(fast.cycles);
  expect(unwatched.completions).toEqual(fast.completions);
  expect(unwatched.counters).toEqual(fast.counters);
  expect(unwatched.losses).toEqual(fast.losses);
}
