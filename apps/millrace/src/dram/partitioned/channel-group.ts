/** Some of the channels of a partitioned run: fed one after the other, then brought to the end of the whole run. */
import { type ChannelOutcome, channelOutcomes } from "../dram-result.ts";
import type { FedSystem } from "../run-trace.ts";
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
}

/** Channels that run on one thread. */
export class ChannelGroup {
  readonly #setup: DramSetup;
  readonly #trace: PartitionedTrace;
  readonly #fed = new Map<number, FedSystem>();
  #requests = 0;

  constructor(setup: DramSetup, trace: PartitionedTrace) {
    this.#setup = setup;
    this.#trace = trace;
  }

  /** Has `channel` take its requests; `pause` is told the requests of all channels so far. */
  async feed(channel: number, pause: (requests: number) => void): Promise<FedChannel> {
    const fed = await feedChannel(this.#setup, this.#trace, channel, (taken) => pause(this.#requests + taken));
    this.#requests += fed.requests;
    this.#fed.set(channel, fed);
    return { channel, form: fed.form, requests: fed.requests, cycles: fed.cycles };
  }

  /** Runs the channels up to and including tick `cycles`. */
  end(cycles: number): EndedChannel[] {
    return [...this.#fed].map(([channel, { system }]) => {
      system.advance(cycles);
      return { channel, outcome: channelOutcomes(system)[0]! };
    });
  }
}
