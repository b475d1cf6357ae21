// Runs of the event-driven engine and of the oracle, told in the same terms.
import type { DramChannel } from "../../../src/dram/engine/channel.ts";
import { CommandLog, commandLogHeader } from "../../../src/dram/run/command-log.ts";
import { originalCounters } from "../../../src/dram/run/counters.ts";
import { type DramConfiguration, DramSystem } from "../../../src/dram/run/dram-system.ts";
import { type ClockRatio, LoadStoreFrontend } from "../../../src/dram/run/load-store.ts";
import { TimedFrontend } from "../../../src/dram/run/timed.ts";
import type { DramSpec } from "../../../src/dram/spec/dram-spec.ts";
import { type LiteralOutcome, runLiteralLoadStore, runLiteralTimed } from "../oracle/run-literal.ts";
import type { DramRequest } from "./request.ts";

export interface RunOutcome {
  readonly cycles: number;
  /** Command log per channel. */
  readonly logs: readonly string[];
  readonly counters: readonly Record<string, number>[];
  /** Accept and depart of each request; only of timed runs. */
  readonly completions: readonly (readonly [number, number])[];
  /** Ticks the engine ran. */
  readonly events: number;
}

export type Feed = { readonly timed: true } | { readonly timed: false; readonly ratio: ClockRatio };

export type Run = (configuration: DramConfiguration, requests: readonly DramRequest[], feed: Feed) => RunOutcome;

/** `watched`: whether commands are logged. */
export function runEngine(
  configuration: DramConfiguration,
  requests: readonly DramRequest[],
  feed: Feed,
  watched = true,
): RunOutcome & { readonly losses: readonly unknown[] } {
  const { spec } = configuration;
  const system = new DramSystem(configuration, requests[0]?.vector === undefined);
  const lines = system.channels.map((): string[] => [commandLogHeader(spec)]);
  const log = new CommandLog(spec, (channel, line) => lines[channel]!.push(line), feed.timed ? 0 : -1);
  if (watched) for (const channel of system.channels) channel.commandObserver = log;
  const completions = feed.timed ? requests.map((): [number, number] => [-1, -1]) : [];
  const cycles = feed.timed ? feedTimed(system, requests, completions) : feedLoadStore(system, requests, feed.ratio);
  return {
    cycles,
    logs: lines.map((channel) => channel.join("")),
    counters: system.channels.map(originalCounters),
    completions,
    losses: system.channels.map(({ losses, clk }) => losses.upTo(clk)),
    events: system.channels.reduce((sum, channel: DramChannel) => sum + channel.events, 0),
  };
}

function feedTimed(system: DramSystem, requests: readonly DramRequest[], completions: [number, number][]): number {
  const frontend = new TimedFrontend(system, {
    accepted: (request, clk) => {
      completions[request]![0] = clk;
    },
    departed: (request, clk) => {
      completions[request]![1] = clk;
    },
  });
  for (const { address, write, arrival } of requests) frontend.submit(address, write, arrival);
  return frontend.finish();
}

function feedLoadStore(system: DramSystem, requests: readonly DramRequest[], ratio: ClockRatio): number {
  const frontend = new LoadStoreFrontend(system, ratio);
  for (const { address, write, vector } of requests) {
    if (vector === undefined) frontend.submit(address, write);
    else frontend.submitVector(vector, write);
  }
  return frontend.finish();
}

/** A run of more than `longest` ticks counts as stalled. */
export function runOracle(
  configuration: DramConfiguration,
  requests: readonly DramRequest[],
  feed: Feed,
  longest: number = 1_000_000,
): RunOutcome {
  const { spec, channels, mapping, refresh, rowPolicy, cap, scheduler } = configuration;
  const vectors = requests[0]?.vector !== undefined;
  const run = {
    spec,
    channels,
    mapping: vectors ? null : mapping,
    settings: { refresh, rowPolicy, cap, scheduler },
    longest,
  };
  const outcome: LiteralOutcome = feed.timed
    ? runLiteralTimed(run, requests)
    : runLiteralLoadStore(run, requests, feed.ratio);
  return {
    cycles: outcome.cycles,
    logs: outcome.controllers.map(({ log }) => commandLogHeader(spec) + log.join("")),
    counters: outcome.controllers.map((controller) => complete(controller.counters, spec)),
    completions: outcome.completions,
    events: outcome.cycles,
  };
}

/** The oracle counts what happens; names that it has not counted are 0. */
function complete(counters: Record<string, number>, spec: DramSpec): Record<string, number> {
  return new Proxy(counters, {
    get: (target, name: string) =>
      name === "avg_read_latency" && spec.profile === "r20"
        ? (target.read_latency ?? 0) / (target.num_read_reqs ?? 0)
        : (target[name] ?? 0),
  });
}
