/**
 * Reads whose data is under way: first in, first out.
 *
 * When a read leaves is known when it enters: with its data, but never before the one ahead of it, and in profile `r20`,
 * which retires one read per tick, at least a tick after it.
 */

/** The queue of pending reads of one channel. */
export class PendingReads {
  /** Sum over the retired reads of what the original counts as their latency. */
  countedLatency = 0;
  /** Ticks spent here, summed over the reads that have left, less the entries of those that have not. */
  ticks = 0;
  readonly #spacing: number;
  #lastRetire = Number.NEGATIVE_INFINITY;
  // Rings of one capacity, a power of two; entries are [#first, #first + #size).
  #retire: Float64Array = new Float64Array(64);
  #latency: Float64Array = new Float64Array(64);
  #first = 0;
  #size = 0;

  /** `spacing`: fewest ticks between two retirements, 0 or 1. */
  constructor(spacing: 0 | 1) {
    this.#spacing = spacing;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a read at `clk` whose data ends at `depart`; returns the tick in which it retires. */
  push(clk: number, depart: number, latency: number): number {
    this.settle(clk);
    if (this.#size === this.#retire.length) this.#grow();
    const retire = Math.max(depart, this.#lastRetire + this.#spacing);
    this.#lastRetire = retire;
    const place = (this.#first + this.#size) & (this.#retire.length - 1);
    this.#retire[place] = retire;
    this.#latency[place] = latency;
    this.#size += 1;
    this.ticks -= clk;
    return retire;
  }

  /** Counts what has retired in ticks up to and including `clk`. */
  settle(clk: number): void {
    const mask = this.#retire.length - 1;
    while (this.#size > 0 && this.#retire[this.#first]! <= clk) {
      this.ticks += this.#retire[this.#first]!;
      this.countedLatency += this.#latency[this.#first]!;
      this.#first = (this.#first + 1) & mask;
      this.#size -= 1;
    }
  }

  #grow(): void {
    const mask = this.#retire.length - 1;
    const retire = new Float64Array(2 * this.#retire.length);
    const latency = new Float64Array(2 * this.#retire.length);
    for (let i = 0; i < this.#size; i++) {
      retire[i] = this.#retire[(this.#first + i) & mask]!;
      latency[i] = this.#latency[(this.#first + i) & mask]!;
    }
    this.#retire = retire;
    this.#latency = latency;
    this.#first = 0;
  }
}
