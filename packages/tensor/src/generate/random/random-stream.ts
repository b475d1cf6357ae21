import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** A stream of random numbers that depends on a seed and a purpose alone. */
export class RandomStream {
  readonly #generator: RandomGenerator;
  // The second number of a pair of normal ones.
  #spare: number | undefined;

  /**
   * One stream for each purpose: drawing more of one thing leaves all others as they were.
   *
   * @param seed any integer from -(2^53 - 1) to 2^53 - 1
   */
  constructor(seed: number, purpose: string) {
    let state = mix(seed | 0) ^ Math.imul(mix(Math.floor(seed / 2 ** 32)), 0x85ebca6b);
    for (let at = 0; at < purpose.length; at++) state = mix(state + purpose.charCodeAt(at));
    const words = [1, 2, 3, 4].map((word) => mix(state ^ Math.imul(word, 0x9e3779b1)));
    // The all-zero state would stay zero for ever.
    this.#generator = xoroshiro128plusFromState(words.every((word) => word === 0) ? [1, 0, 0, 0] : words);
  }

  /** An integer from 0 to `bound` - 1, all equally likely; `bound` from 1 to 2^53. */
  below(bound: number): number {
    return uniformInt(this.#generator, 0, bound - 1);
  }

  /** A number from 0 to below 1, a multiple of 2^-53. */
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

/** The finaliser of MurmurHash3: every bit of the result depends on every bit of the input. */
function mix(word: number): number {
  let mixed = word ^ 0x2545f491;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
