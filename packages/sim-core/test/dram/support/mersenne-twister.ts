/** MT19937 seeded as Python's `random` seeds it with a small integer. */
export class MersenneTwister {
  readonly #state = new Uint32Array(624);
  #index = 624;

  constructor(seed: number) {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, mixed(state[i - 1]!, 30)) + i;
    let i = 1;
    const wrap = (): void => {
      i += 1;
      if (i < 624) return;
      state[0] = state[623]!;
      i = 1;
    };
    for (let k = 0; k < 624; k++, wrap()) {
      state[i] = (state[i]! ^ Math.imul(1664525, mixed(state[i - 1]!, 30))) + seed;
    }
    for (let k = 0; k < 623; k++, wrap()) {
      state[i] = (state[i]! ^ Math.imul(1566083941, mixed(state[i - 1]!, 30))) - i;
    }
    state[0] = 0x80000000;
  }

  /** A number from 0 to 1 of 53 random bits. */
  next(): number {
    const high = this.#draw() >>> 5;
    return (high * 2 ** 26 + (this.#draw() >>> 6)) / 2 ** 53;
  }

  #draw(): number {
    if (this.#index === 624) this.#twist();
    let y = this.#state[this.#index]!;
    this.#index += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let k = 0; k < 624; k++) {
      const y = (state[k]! & 0x80000000) | (state[(k + 1) % 624]! & 0x7fffffff);
      state[k] = state[(k + 397) % 624]! ^ (y >>> 1) ^ ((y & 1) === 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}

function mixed(word: number, shift: number): number {
  return word ^ (word >>> shift);
}
