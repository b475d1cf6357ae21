/**
 * Seeded random numbers in independent streams.
 *
 * A stream is named by words (a seed, a trial, a purpose): what one part of a study draws never moves what
 * another part draws. Same words, same numbers, on every machine.
 * The generator is xoshiro128** of Blackman and Vigna.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(...words: readonly (number | string)[]) {
    let hash = 0x811c9dc5;
    const text = words.join("\u0000");
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    const next = () => {
      hash = (hash + 0x9e3779b9) | 0;
      let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
    for (let i = 0; i < 8; i++) this.#bits();
  }

  #bits(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  float(): number {
    const high = this.#bits() >>> 6;
    const low = this.#bits() >>> 5;
    return (high * 134217728 + low) / 9007199254740992;
  }

  /** Uniform among 0 .. count - 1; `count` is at most 2^53. */
  below(count: number): number {
    return Math.floor(this.float() * count);
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.float()));
    return radius * Math.cos(2 * Math.PI * this.float());
  }
}
