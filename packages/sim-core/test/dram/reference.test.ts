// Every recorded result, with both engines: end cycle, counters, command logs and completion times.
import { expect, test } from "vitest";
import type { Profile } from "../../src/dram/spec/dram-spec.ts";
import { loadStoreText, timedText } from "./support/generate-trace.ts";
import {
  configurationOf,
  isTimed,
  isVectorTrace,
  logHashes,
  type RecordedCase,
  readRecorded,
  requestsOf,
  sha256,
} from "./support/recorded-cases.ts";
import { type Feed, type Run, type RunOutcome, runEngine, runOracle } from "./support/run-outcome.ts";

const files: readonly [Profile, string, number][] = [
  ["r20", "r20-loadstore-cases", 71],
  ["r20", "r20-timed-cases", 40],
  ["r20", "r20-command-traces", 17],
  ["r21", "r21-cases", 109],
  ["r21", "r21-command-traces", 23],
  ["r21", "r21-readwrite-cases", 9],
];

// The oracle walks every tick: it runs the short cases and the shortest of each configuration, with ALL_CASES=1 all.
const ORACLE_TICKS = process.env.ALL_CASES === "1" ? Number.POSITIVE_INFINITY : 10_000;

// All of this file takes under half a minute of one core; on a busy machine a test may wait long for its share.
const TIMEOUT = 120_000;

for (const [profile, file, count] of files) {
  const { cases } = readRecorded(file);
  test(`the event-driven engine agrees with all ${count} results of ${file}`, { timeout: TIMEOUT }, () => {
    expect(cases).toHaveLength(count);
    for (const recorded of cases) compare(recorded, profile, runEngine);
  });

  test(`the per-cycle oracle agrees with the short results of ${file}`, { timeout: TIMEOUT }, () => {
    const short = new Set(cases.filter((recorded) => ticksOf(recorded) < ORACLE_TICKS));
    const shortest = new Map<string, RecordedCase>();
    for (const recorded of cases) {
      const known = shortest.get(JSON.stringify(recorded.config));
      if (known === undefined || ticksOf(recorded) < ticksOf(known)) {
        shortest.set(JSON.stringify(recorded.config), recorded);
      }
    }
    for (const recorded of shortest.values()) short.add(recorded);
    for (const recorded of short) compare(recorded, profile, runOracle);
  });
}

function ticksOf({ expected }: RecordedCase): number {
  return expected.end_cycle ?? expected.memory_system_cycles!;
}

function compare(recorded: RecordedCase, profile: Profile, run: Run): void {
  const configuration = configurationOf(recorded, profile);
  const requests = requestsOf(recorded, configuration.spec);
  const timed = isTimed(recorded);
  if (!isVectorTrace(recorded.trace)) {
    const text = timed ? timedText(requests) : loadStoreText(requests);
    expect(sha256(text), `trace of ${recorded.id}`).toBe(recorded.traceSha256);
  }
  const ratio = { frontend: recorded.frontendClockRatio ?? 1, memory: recorded.memoryClockRatio ?? 1 };
  const feed: Feed = timed ? { timed } : { timed, ratio };
  const outcome = run(configuration, requests, feed);
  expect(digest(outcome, recorded), recorded.id).toEqual(expectation(recorded));
}

/** What the case records, from the case. */
function expectation(recorded: RecordedCase): Record<string, unknown> {
  const { expected } = recorded;
  const { first50, acceptDepartSha256 } = expected;
  return {
    cycles: ticksOf(recorded),
    logs: logHashes(recorded),
    channels: Object.values(expected.channels ?? {}).map(exact),
    totals: expected.totals ?? {},
    single: singleCounters(expected),
    ...(acceptDepartSha256 === undefined ? {} : { acceptDepartSha256, first50 }),
  };
}

/** The same, from the outcome of a run. */
function digest(outcome: RunOutcome, recorded: RecordedCase): Record<string, unknown> {
  const { expected } = recorded;
  const channels = Object.entries(expected.channels ?? {}).map(([name, counters]) => {
    const own = outcome.counters[Number(name.split(" ")[1])]!;
    return Object.fromEntries(Object.keys(exact(counters)).map((key) => [key, own[key]]));
  });
  const sum = (key: string): number => outcome.counters.reduce((total, counters) => total + counters[key]!, 0);
  const completions = outcome.completions.map(([accept, depart]) => `${accept} ${depart}\n`).join("");
  return {
    cycles: outcome.cycles,
    logs: Object.fromEntries(
      Object.keys(logHashes(recorded)).map((name) => [name, sha256(outcome.logs[Number(name.slice(2))]!)]),
    ),
    channels,
    totals: Object.fromEntries(Object.keys(expected.totals ?? {}).map((key) => [key, sum(key)])),
    single: Object.fromEntries(Object.keys(singleCounters(expected)).map((key) => [key, outcome.counters[0]![key]])),
    ...(expected.acceptDepartSha256 === undefined
      ? {}
      : { acceptDepartSha256: sha256(completions), first50: outcome.completions.slice(0, 50) }),
  };
}

/** Counters that are whole numbers: the average is printed in single precision. */
function exact(counters: Record<string, number>): Record<string, number> {
  const { avg_read_latency: _, ...rest } = counters;
  return rest;
}

function singleCounters(expected: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(expected).filter(([key]) => /^(row_|num_|read_latency)/.test(key)));
}
