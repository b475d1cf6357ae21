/**
 * The frontend of traces without times: one request per frontend tick, tried until it is taken; the run ends with the
 * last one taken, and nothing is drained.
 *
 * Frontend tick k sees ⌈k · memory / frontend⌉ memory ticks done. Attempts that must fail are counted, not made.
 */
import type { DramChannel } from "../engine/channel.ts";
import { REFUSED } from "../engine/channel-door.ts";
import type { DramSystem } from "./dram-system.ts";

/** Ticks of the two clocks per common period. */
export interface ClockRatio {
  readonly frontend: number;
  readonly memory: number;
}

/** Feeds requests to a system as fast as it takes them. */
export class LoadStoreFrontend {
  readonly #system: DramSystem;
  readonly #frontend: number;
  readonly #memory: number;
  // Frontend tick of the next attempt.
  #tick = 0;
  #accepted = 0;
  #cycles = 0;

  constructor(system: DramSystem, ratio: ClockRatio) {
    this.#system = system;
    this.#frontend = ratio.frontend;
    this.#memory = ratio.memory;
  }

  /** Requests taken so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Has the system take one more request. */
  submit(address: number, write: boolean): void {
    this.#take(this.#system.place(address, write, this.#accepted));
  }

  /** Has the system take one more request, given as the index at each level from the channel down. */
  submitVector(vector: ArrayLike<number>, write: boolean): void {
    this.#take(this.#system.placeVector(vector, write, this.#accepted));
  }

  /** Has `channel` take the request in the system's `offer`. */
  #take(channel: DramChannel): void {
    const { offer } = this.#system;
    let clk = this.#clockAt(this.#tick);
    channel.advance(clk);
    if (channel.offer(offer) === REFUSED) {
      while (!channel.hasRoom(offer.write)) channel.step();
      const tick = this.#firstTickAt(channel.clk);
      channel.countRefusals(offer.write, tick - this.#tick - 1);
      this.#tick = tick;
      clk = this.#clockAt(tick);
      channel.advance(clk);
      channel.offer(offer);
    }
    this.#cycles = clk;
    this.#tick += 1;
    this.#accepted += 1;
  }

  /** Ends the run; returns the memory ticks it took. */
  finish(): number {
    this.#system.advance(this.#cycles);
    return this.#cycles;
  }

  #clockAt(tick: number): number {
    return this.#frontend === 1 ? tick * this.#memory : Math.ceil((tick * this.#memory) / this.#frontend);
  }

  /** First frontend tick that sees `clk` memory ticks done. */
  #firstTickAt(clk: number): number {
    return Math.floor(((clk - 1) * this.#frontend) / this.#memory) + 1;
  }
}
