/**
 * The frontend of traces with times: in each tick every request that has arrived is offered, in order, until one is
 * refused. The run ends when all requests are taken, all reads are back and, in profile `r21`, all writes are issued.
 */
import type { DramChannel } from "../engine/channel.ts";
import { type CompletionObserver, REFUSED } from "../engine/channel-door.ts";
import type { DramSystem } from "./dram-system.ts";

/** Told what becomes of each request, by its number in the trace. */
export interface TimedObserver {
  accepted(request: number, clk: number): void;
  /** Tick at which the data of a read ends or, in `r21`, the command of a write is issued. */
  departed(request: number, clk: number): void;
}

/** Feeds requests to a system at their times. */
export class TimedFrontend {
  readonly #system: DramSystem;
  readonly #observer: TimedObserver | null;
  #accepted = 0;
  // Tick from which the next request may be offered.
  #clk = 0;
  #end = 0;
  readonly #writesCount: boolean;

  constructor(system: DramSystem, observer: TimedObserver | null = null) {
    this.#system = system;
    this.#observer = observer;
    this.#writesCount = system.configuration.spec.profile === "r21";
    const completions: CompletionObserver = {
      readDone: (ticket, depart, retire) => {
        if (retire > this.#end) this.#end = retire;
        observer?.departed(ticket, depart);
      },
      writeDone: (ticket, clk) => {
        if (!this.#writesCount) return;
        if (clk > this.#end) this.#end = clk;
        observer?.departed(ticket, clk);
      },
    };
    for (const channel of system.channels) channel.completionObserver = completions;
  }

  /** Requests taken so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Has the system take one more request that arrives at tick `arrival`, not before the last one. */
  submit(address: number, write: boolean, arrival: number): void {
    const system = this.#system;
    const channel = system.place(address, write, this.#accepted);
    if (arrival > this.#clk) this.#clk = arrival;
    channel.advance(this.#clk);
    if (channel.offer(system.offer) === REFUSED) {
      while (!channel.hasRoom(write)) channel.step();
      channel.countRefusals(write, channel.clk - this.#clk - 1);
      this.#clk = channel.clk;
      channel.offer(system.offer);
    }
    this.#observer?.accepted(this.#accepted, this.#clk);
    this.#accepted += 1;
  }

  /** Ends the run; returns the memory ticks it took. */
  finish(): number {
    for (const channel of this.#system.channels) {
      while (this.#unfinished(channel)) channel.step();
    }
    const end = this.#accepted === 0 ? 0 : Math.max(this.#end, this.#clk + 1);
    this.#system.advance(end);
    return end;
  }

  /** Whether the end of the run waits for a request inside `channel`. */
  #unfinished({ counters }: DramChannel): boolean {
    if (counters.acceptedReads > counters.readsServed + counters.forwarded) return true;
    return this.#writesCount && counters.acceptedWrites > counters.writesServed + counters.coalesced;
  }
}
