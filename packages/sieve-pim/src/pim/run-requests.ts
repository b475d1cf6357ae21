/** Runs requests over channels: they are offered in order, over all channels, as fast as each takes them. */
import type { DramSpec } from "@millrace/sim-core";
import { SieveError } from "../errors.ts";
import { PimChannel } from "./pim-channel.ts";
import type { PimRequests } from "./pim-requests.ts";

/** What happened. */
export interface PimRun {
  /** Ticks until everything was done. */
  readonly cycles: number;
  /** Per name, commands over all channels. */
  readonly commands: Readonly<Record<string, number>>;
  /** Ticks that the host ran, over all channels. */
  readonly events: number;
  /** Longest wait of a refresh, in ticks from when it was due. */
  readonly longestRefreshWait: number;
}

/** How to run. */
export interface PimRunOptions {
  readonly spec: DramSpec;
  readonly refresh: boolean;
  /** Whether to keep a command log: a text for each channel with lines `clk, CMD, ch, pch, rank, bg, bank, row, col`. */
  readonly log?: boolean;
}

/**
 * Runs `requests`; returns what happened and the logs.
 *
 * @throws {SieveError} `pim-trace` if a request names a channel that is not there, `pim-stalled` if nothing can go on.
 */
export function runRequests(
  requests: PimRequests,
  options: PimRunOptions,
): PimRun & { readonly logs: readonly string[] } {
  const { spec, refresh, log = false } = options;
  const channels = Array.from(
    { length: spec.counts[0]! },
    () => new PimChannel(spec, refresh ? spec.timing.nREFI! : 0),
  );
  const lines: string[][] = channels.map(() => []);
  if (log) for (const [at, channel] of channels.entries()) channel.observer = logger(spec, at, lines[at]!);
  const wrong = requests.channel.findIndex((channel) => channel >= channels.length);
  if (wrong >= 0) {
    throw new SieveError(
      "pim-trace",
      `request ${wrong + 1} is for channel ${requests.channel[wrong]}, but there are ${channels.length}`,
      {
        limit: "channels",
        value: requests.channel[wrong]!,
        allowed: channels.length - 1,
      },
    );
  }
  let offered = 0;
  let clk = 0;
  while (offered < requests.size || channels.some(({ waiting }) => waiting > 0)) {
    while (offered < requests.size && channels[requests.channel[offered]!]!.hasRoom) {
      const { kind, bank, row, column } = requests;
      channels[requests.channel[offered]!]!.offer(kind[offered]!, bank[offered]!, row[offered]!, column[offered]!);
      offered += 1;
    }
    clk = channels.reduce((least, channel) => Math.min(least, channel.next), Number.POSITIVE_INFINITY);
    if (clk === Number.POSITIVE_INFINITY) {
      throw new SieveError("pim-stalled", `requests wait after tick ${channels[0]!.clk}, but none can ever go on`);
    }
    for (const channel of channels) channel.tick(clk);
  }
  return {
    cycles: clk,
    commands: countsOf(spec, channels),
    events: channels.reduce((sum, { events }) => sum + events, 0),
    longestRefreshWait: channels.reduce((most, each) => Math.max(most, each.longestRefreshWait), 0),
    logs: lines.map((own) => own.map((line) => `${line}\n`).join("")),
  };
}

function logger(spec: DramSpec, channel: number, lines: string[]): PimChannel["observer"] {
  return (clk, command, place, row, column) => {
    lines.push([clk, spec.commands[command]!.name, channel, ...place, row, column].join(", "));
  };
}

function countsOf(spec: DramSpec, channels: readonly PimChannel[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [command, { name }] of spec.commands.entries()) {
    const sum = channels.reduce((total, { device }) => total + device.issued[command]!, 0);
    if (sum > 0) counts[name] = sum;
  }
  return counts;
}
