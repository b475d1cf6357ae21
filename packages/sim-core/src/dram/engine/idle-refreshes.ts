/**
 * What a refresh of a channel at rest comes to. Where nothing has to wait for what was before, all that it does depends on
 * is which nodes have rows open: it is run once for each such set, and counted from then on.
 */
import type { ChannelCounters } from "./channel-counters.ts";

/** What one refresh adds to the counters, and how long it takes. */
export interface IdleRefresh {
  /** Commands issued, and how often. */
  readonly commands: readonly number[];
  readonly times: readonly number[];
  readonly requests: number;
  readonly served: number;
  readonly ticks: number;
  /** From its start to the last command, and to where nothing has to wait for that any more. */
  readonly lastCommand: number;
  readonly settled: number;
}

/** The counters that a refresh adds to, as they are now. */
export type CountersBefore = Pick<
  ChannelCounters,
  "maintenanceRequests" | "maintenanceServed" | "maintenanceTicks" | "commands"
>;

/** A copy of what a refresh adds to. */
export function countersBefore(counters: ChannelCounters): CountersBefore {
  const { maintenanceRequests, maintenanceServed, maintenanceTicks, commands } = counters;
  return { maintenanceRequests, maintenanceServed, maintenanceTicks, commands: commands.slice() };
}

/** What was added since `before` by a refresh whose last command went `lastCommand` ticks after its start. */
export function idleRefresh(
  before: CountersBefore,
  counters: ChannelCounters,
  { lastCommand, wait }: { readonly lastCommand: number; readonly wait: number },
): IdleRefresh {
  const added = Array.from(counters.commands, (count, command) => count - before.commands[command]!);
  const commands = [...added.keys()].filter((command) => added[command] !== 0);
  return {
    commands,
    times: commands.map((command) => added[command]!),
    requests: counters.maintenanceRequests - before.maintenanceRequests,
    served: counters.maintenanceServed - before.maintenanceServed,
    ticks: counters.maintenanceTicks - before.maintenanceTicks,
    lastCommand,
    settled: lastCommand + wait,
  };
}

/** Adds `count` refreshes to the counters. */
export function addIdleRefreshes(counters: ChannelCounters, refresh: IdleRefresh, count: number): void {
  const { commands, times } = refresh;
  for (let i = 0; i < commands.length; i++) counters.commands[commands[i]!]! += count * times[i]!;
  counters.maintenanceRequests += count * refresh.requests;
  counters.maintenanceServed += count * refresh.served;
  counters.maintenanceTicks += count * refresh.ticks;
}
