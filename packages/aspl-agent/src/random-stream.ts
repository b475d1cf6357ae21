import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** A stream of random numbers that depends on a seed and a purpose alone: drawing more of one thing leaves all others as they were. */
export class RandomStream {
  readonly #generator: RandomGenerator;
  #spare: number | undefined;

  constructor(seed: number, purpose: string) {
    // FNV-1a over both.
    let hash = 0x811c9dc5;
    for (const character of `${seed}/${purpose}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    this.#generator = xoroshiro128plus(hash);
  }

  /** An integer from 0 to `bound` - 1, all equally likely. */
  below(bound: number): number {
    return uniformInt(this.#generator, 0, bound - 1);
  }

  /** A number from 0 to below 1. */
  unit(): number {
    return uniformFloat64(this.#generator);
  }

  /** A number of the standard normal distribution (Box and Muller). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    const angle = 2 * Math.PI * this.unit();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** The items in a random order, in place. */
  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [items[last], items[other]] = [items[other]!, items[last]!];
    }
    return items;
  }
}
