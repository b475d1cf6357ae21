/** Marsaglia's xorshift generator with 32 bits of state. */
export class Xorshift32 {
  #state: number;

  /** `seed` is taken modulo 2^32; 0, which the generator would never leave, stands for 1. */
  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  /** The next state, an integer from 1 to 2^32 - 1. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** A number above 0 and below 1. */
  uniform(): number {
    return this.next() / 4294967296;
  }

  /** A number from the standard normal distribution. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }
}

/** A seed for part `part` of something seeded with `seed`: near seeds give unrelated streams. */
export function derivedSeed(seed: number, part: number): number {
  let x = (Math.imul(seed | 0, 0x9e3779b1) + Math.imul(part | 0, 0x85ebca6b)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
