import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** A stream of random numbers that depends on a seed and a purpose alone. */
export class RandomStream {
  readonly #generator: RandomGenerator;

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
}

/** The finaliser of MurmurHash3: every bit of the result depends on every bit of the input. */
function mix(word: number): number {
  let mixed = word ^ 0x2545f491;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
