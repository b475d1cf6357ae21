/**
 * Which clock edge takes which command, for parts simulated in half clocks: all go with the rising edge, the odd ticks;
 * closes may go with a falling edge too, subject to the row command that edge is paired with.
 */

/** The edges of one channel; with `halfClocks` off every tick takes every command. */
export class EdgePairing {
  /** Whether a tick is half a clock. */
  readonly halfClocks: boolean;
  readonly #banksPerPseudochannel: number;
  // The last row command of a rising edge: the falling edge it is paired with, and where it went.
  #edge = -1;
  #bank = 0;
  #wide = false;

  constructor(halfClocks: boolean, banksPerPseudochannel: number) {
    this.halfClocks = halfClocks;
    this.#banksPerPseudochannel = banksPerPseudochannel;
  }

  /** Takes up a row command of tick `clk`; `reach` is the distance to its falling edge. */
  remember(clk: number, reach: number, bank: number, wide: boolean): void {
    if (!this.isRising(clk) || !this.halfClocks) return;
    this.#edge = clk + reach;
    this.#bank = bank;
    this.#wide = wide;
  }

  isRising(clk: number): boolean {
    return !this.halfClocks || clk % 2 === 1;
  }

  /** First tick from `time` on that takes commands other than closes. */
  rising(time: number): number {
    return this.halfClocks && time % 2 === 0 ? time + 1 : time;
  }

  /** First tick from `time` on that takes a close of `bank`, or of all banks there. */
  closing(time: number, bank: number, wide: boolean): number {
    if (time !== this.#edge) return time;
    const size = this.#banksPerPseudochannel;
    if (Math.floor(bank / size) !== Math.floor(this.#bank / size)) return time;
    return wide || this.#wide || bank === this.#bank ? time + 1 : time;
  }
}
