/**
 * Memory channels under bursts that repeat cycle by cycle, as a whole number of periods at once.
 *
 * After some cycles the bursts of a cycle fall on the same channels again. Within a period of P cycles a channel starts n
 * bursts, I cycles apart at least: the first cycle x in which it is free becomes max(x + nI, m), where m is what an idle
 * channel comes to. Arrivals move on by P with each period, so that k periods make of x the maximum of x + knI and
 * m + (k - 1) max(P, nI): the same that bursts taken one by one come to.
 */
export class RepeatingBursts {
  readonly #interval: number;
  readonly #step: number;
  readonly #count: Float64Array;
  readonly #idle: Float64Array;

  /** `step` is by how much the distance of channels grows from one burst of a cycle to the next. */
  constructor(channels: number, interval: number, step: number) {
    this.#interval = interval;
    this.#step = step;
    this.#count = new Float64Array(channels);
    this.#idle = new Float64Array(channels);
  }

  /** Cycles after which `bursts` bursts in each cycle come to the same channels. */
  periodOf(bursts: number): number {
    const channels = this.#count.length;
    let shift = 0;
    let increment = channels > 1 ? 1 : 0;
    for (let burst = 0; burst < bursts; burst++) {
      shift = (shift + increment) % channels;
      increment = (increment + this.#step) % channels;
    }
    let period = 1;
    for (let place = shift; place !== 0; place = (place + shift) % channels) period += 1;
    return period;
  }

  /** Lets `periods` periods of `period` cycles pass over `free`; `next` is the channel of the first burst, which arrives at `arrival`. */
  pass(
    free: Float64Array,
    {
      bursts,
      next,
      arrival,
      period,
      periods,
    }: Readonly<Record<"bursts" | "next" | "arrival" | "period" | "periods", number>>,
  ): void {
    this.#walkPeriod(bursts, next, { arrival, period });
    for (let channel = 0; channel < free.length; channel++) {
      const each = this.#count[channel]! * this.#interval;
      // A channel that no burst came to stays as it is: its idle time is infinitely long ago.
      const idle = this.#idle[channel]! + (periods - 1) * Math.max(period, each);
      free[channel] = Math.max(free[channel]! + periods * each, idle);
    }
  }

  #walkPeriod(bursts: number, next: number, { arrival, period }: Readonly<Record<"arrival" | "period", number>>): void {
    const count = this.#count.fill(0);
    const idle = this.#idle.fill(Number.NEGATIVE_INFINITY);
    const channels = count.length;
    let channel = next;
    for (let time = arrival; time < arrival + period; time++) {
      let increment = channels > 1 ? 1 : 0;
      for (let burst = 0; burst < bursts; burst++) {
        count[channel]! += 1;
        idle[channel] = Math.max(idle[channel]!, time) + this.#interval;
        channel += increment;
        if (channel >= channels) channel -= channels;
        increment += this.#step;
        if (increment === channels) increment = 0;
      }
    }
  }
}
