/**
 * Which bank is refreshed when, for parts that refresh banks one by one: every interval one bank of each pseudo-channel,
 * at a cursor that runs over the banks of a stack and then over the stacks.
 */
import { SimError } from "../../../errors.ts";
import type { DramSpec } from "../../spec/dram-spec.ts";

/** The schedule of one channel. */
export class PerBankRefresh {
  /** Next tick with something to do. */
  next: number;
  readonly #interval: number;
  readonly #closedTicks: number;
  readonly #pseudochannels: number;
  readonly #stacks: number;
  /** Banks of one stack of one pseudo-channel. */
  readonly #banks: number;
  // Per pseudo-channel and stack, the tick until which a finished set is closed.
  readonly #closedUntil: Float64Array;
  #cursor = 0;
  // Pseudo-channels of the current interval that were served; all of them between intervals.
  #served: number;
  #startAt: number;

  /** @throws {SimError} `dram-spec` if the part cannot refresh single banks. */
  constructor(spec: DramSpec) {
    const { nREFIpb, nRFCpb } = spec.timing;
    if (spec.bankLevel !== 4 || !(nREFIpb! >= 1) || nRFCpb === undefined) {
      throw new SimError("dram-spec", `${spec.name} has no refresh of single banks: use all-bank refresh`);
    }
    this.#interval = nREFIpb!;
    this.#closedTicks = nRFCpb;
    this.#pseudochannels = spec.counts[1]!;
    this.#stacks = spec.counts[2]!;
    this.#banks = spec.counts[3]! * spec.counts[4]!;
    this.#closedUntil = new Float64Array(this.#pseudochannels * this.#stacks);
    this.#served = this.#pseudochannels;
    this.#startAt = this.#interval;
    this.next = this.#startAt;
  }

  /** The bank to refresh in tick `clk`, or -1 if its set is still closed. */
  due(clk: number): number {
    const bank = this.#cursor % this.#banks;
    const stack = Math.floor(this.#cursor / this.#banks) % this.#stacks;
    if (this.#served === this.#pseudochannels) {
      if (this.#anyClosed(stack, clk)) {
        this.next = clk + 1;
        return -1;
      }
      this.#served = 0;
      this.#startAt = clk + this.#interval;
    }
    const set = this.#served * this.#stacks + stack;
    if (bank === this.#banks - 1) this.#closedUntil[set] = clk + this.#closedTicks;
    this.#served += 1;
    if (this.#served === this.#pseudochannels) {
      this.#cursor += 1;
      this.next = Math.max(this.#startAt, clk + 1);
    } else this.next = clk + 1;
    return set * this.#banks + bank;
  }

  #anyClosed(stack: number, clk: number): boolean {
    for (let p = 0; p < this.#pseudochannels; p++) {
      if (clk < this.#closedUntil[p * this.#stacks + stack]!) return true;
    }
    return false;
  }
}
