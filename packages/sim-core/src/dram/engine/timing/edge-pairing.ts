/**
 * Which clock edge takes which command, for parts simulated in half clocks: all go with the rising edge, the odd ticks;
 * closes may go with a falling edge too, subject to the row command that edge is paired with.
 */

/** The edges of one channel; with `halfClocks` off every tick takes every command. */
export class EdgePairing {
  /** Whether a tick is half a clock. */
  readonly halfClocks: boolean;
  /** Whether the last command taken up freed an edge that was still to come. */
  released = false;
  // Bits of a bank's number below its pseudo-channel.
  readonly #shift: number;
  // The last row command of a rising edge: the falling edge it is paired with, and where it went.
  #edge = -1;
  #bank = 0;
  #wide = false;

  constructor(halfClocks: boolean, banksPerPseudochannel: number) {
    this.halfClocks = halfClocks;
    this.#shift = Math.log2(banksPerPseudochannel);
  }

  /**
   * Takes up a row command of tick `clk`; `reach` is the distance to its falling edge. Returns that edge, or -1 if it pairs
   * with none; see `released` then.
   */
  remember(clk: number, reach: number, bank: number, wide: boolean): number {
    if (!this.isRising(clk) || !this.halfClocks) return -1;
    this.released = this.#edge > clk;
    this.#edge = clk + reach;
    this.#bank = bank;
    this.#wide = wide;
    return this.#edge;
  }

  /** The epoch that ticks are counted from, which is even, has moved on. */
  epochMoved(distance: number): void {
    this.#edge = Math.max(-1, this.#edge - distance);
  }

  isRising(clk: number): boolean {
    return !this.halfClocks || (clk & 1) === 1;
  }

  /** First tick from `time` on that takes commands other than closes. */
  rising(time: number): number {
    return this.halfClocks ? time | 1 : time;
  }

  /** First tick from `time` on that takes a close of `bank`, or of all banks there. */
  closing(time: number, bank: number, wide: boolean): number {
    if (time !== this.#edge) return time;
    if (bank >> this.#shift !== this.#bank >> this.#shift) return time;
    return wide || this.#wide || bank === this.#bank ? time + 1 : time;
  }
}
