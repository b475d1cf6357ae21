/** Which experts' weights lie in attached PIM stacks: those with the fewest tokens, as many as fit. */

/** Keeps a moving average of the tokens per expert and chooses the residents by it from time to time. */
export class Residency {
  /** Per expert, 1 where its weights lie in the PIM stacks. */
  readonly resident: Uint8Array;
  /** Experts whose weights were moved in, after the first choice. */
  moves = 0;
  readonly #average: Float64Array;
  readonly #room: number;
  readonly #interval: number;
  readonly #weight: number;
  #steps = 0;

  /** Of `experts` experts `room` fit; the choice is made anew every `interval` steps, by an average with weight `weight` for the newest. */
  constructor(experts: number, room: number, interval = 64, weight = 0.05) {
    this.resident = new Uint8Array(experts).fill(room >= experts ? 1 : 0);
    this.#average = new Float64Array(experts);
    this.#room = room;
    this.#interval = interval;
    this.#weight = weight;
  }

  /** Takes in the tokens per expert of one step. */
  observe(counts: ArrayLike<number>): void {
    const first = this.#steps === 0;
    const weight = first ? 1 : this.#weight;
    for (let expert = 0; expert < this.#average.length; expert++) {
      this.#average[expert]! += weight * (counts[expert]! - this.#average[expert]!);
    }
    if (this.#room < this.resident.length && this.#steps % this.#interval === 0) this.#choose(first);
    this.#steps += 1;
  }

  // Idle experts cost nothing anywhere: room goes to those with few tokens, but some.
  #choose(first: boolean): void {
    const order = Array.from(this.#average.keys()).sort((a, b) => this.#rank(a) - this.#rank(b) || a - b);
    const chosen = new Uint8Array(this.resident.length);
    for (const expert of order.slice(0, this.#room)) chosen[expert] = 1;
    if (!first) for (let e = 0; e < chosen.length; e++) if (chosen[e] === 1 && this.resident[e] === 0) this.moves += 1;
    this.resident.set(chosen);
  }

  #rank(expert: number): number {
    const average = this.#average[expert]!;
    return average < 0.01 ? Number.MAX_VALUE : average;
  }
}
