/** Some of the channels of a partitioned run: fed one after the other, then brought to the end of the whole run. */

import type { BankCounts } from "../bank-activity.ts";
import { type ChannelOutcome, channelOutcomes } from "../dram-result.ts";
import type { FedSystem } from "../run-trace.ts";
import { RunWatchers } from "../run-watchers.ts";
import type { DramSetup, TraceForm } from "../setup.ts";
import { feedChannel, type PartitionedTrace } from "./feed-channel.ts";

/** A channel that has taken its requests. */
export interface FedChannel {
  readonly channel: number;
  readonly form: TraceForm;
  readonly requests: number;
  /** Ticks until its own frontend was done. */
  readonly cycles: number;
}

/** The outcome of a channel at the end of the run. */
export interface EndedChannel {
  readonly channel: number;
  readonly outcome: ChannelOutcome;
  /** What its banks did, where that is asked for. */
  readonly banks: BankCounts | undefined;
}

interface WatchedSystem extends FedSystem {
  readonly watchers: RunWatchers;
}

/** Channels that run on one thread. */
export class ChannelGroup {
  readonly #setup: DramSetup;
  readonly #trace: PartitionedTrace;
  readonly #fed = new Map<number, WatchedSystem>();
  readonly #begun: RunWatchers[] = [];
  #requests = 0;

  constructor(setup: DramSetup, trace: PartitionedTrace) {
    this.#setup = setup;
    this.#trace = trace;
  }

  /** Has `channel` take its requests; `pause` is told the requests of all channels so far. */
  async feed(channel: number, pause: (requests: number) => void): Promise<FedChannel> {
    const { folder, commands, banks } = this.#trace;
    const watchers = new RunWatchers(folder, { commands, banks, timeline: undefined });
    this.#begun.push(watchers);
    const fed = await feedChannel(this.#setup, this.#trace, channel, {
      commands: (system, form) => watchers.observe(system, form),
      pause: (taken) => pause(this.#requests + taken),
    });
    this.#requests += fed.requests;
    this.#fed.set(channel, { ...fed, watchers });
    return { channel, form: fed.form, requests: fed.requests, cycles: fed.cycles };
  }

  /** Runs the channels up to and including tick `cycles`. */
  end(cycles: number): EndedChannel[] {
    return [...this.#fed].map(([channel, { system, watchers }]) => {
      system.advance(cycles);
      watchers.finish();
      return { channel, outcome: channelOutcomes(system)[0]!, banks: countsOf(watchers) };
    });
  }

  /** Gives up what was being written. */
  discard(): void {
    for (const watchers of this.#begun) watchers.discard();
  }
}

/** As plain values, which may cross threads. */
function countsOf({ banks }: RunWatchers): BankCounts | undefined {
  if (banks === undefined) return undefined;
  const { banksPerChannel, accesses, activations } = banks;
  return { banksPerChannel, accesses, activations };
}
