/**
 * Turns the writes and releases of one channel into its occupancy over simulated time.
 *
 * Each of the two sequences comes in order of time, but the host learns them in an order of its own; merging stops where
 * the next event of either is still unknown.
 */
export class Occupancy {
  // Times told and not merged yet, from the index beside each on.
  #writes: number[] = [];
  #nextWrite = 0;
  #releases: number[] = [];
  #nextRelease = 0;
  #held = 0;
  readonly #changed: (time: number, held: number) => void;

  /** `changed` is told that from `time` on `held` tokens hold slots; of several calls for one time the last counts. */
  constructor(changed: (time: number, held: number) => void) {
    this.#changed = changed;
  }

  /** A token took a slot at `time`. */
  written(time: number): void {
    this.#writes.push(time);
    this.#merge();
  }

  /** A slot is free from `time` on. */
  released(time: number): void {
    this.#releases.push(time);
    this.#merge();
  }

  /** Merges the rest: nothing else will be told. */
  close(): void {
    while (this.#nextWrite < this.#writes.length || this.#nextRelease < this.#releases.length) this.#step();
  }

  #merge(): void {
    while (this.#nextWrite < this.#writes.length && this.#nextRelease < this.#releases.length) this.#step();
    if (this.#nextWrite > 1024 && this.#nextWrite === this.#writes.length) {
      this.#writes = [];
      this.#nextWrite = 0;
    }
    if (this.#nextRelease > 1024 && this.#nextRelease === this.#releases.length) {
      this.#releases = [];
      this.#nextRelease = 0;
    }
  }

  #step(): void {
    const written = this.#writes[this.#nextWrite] ?? Number.POSITIVE_INFINITY;
    const released = this.#releases[this.#nextRelease] ?? Number.POSITIVE_INFINITY;
    if (released <= written) {
      this.#nextRelease += 1;
      this.#held -= 1;
    } else {
      this.#nextWrite += 1;
      this.#held += 1;
    }
    this.#changed(Math.min(written, released), this.#held);
  }
}
