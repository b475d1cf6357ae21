/** Numbers of a block. */
const blockNumbers = 2 ** 17;

/** Arrays cut from large blocks: far cheaper than many small arrays, and the newest can be taken back. */
export class Arena {
  #block = new Float64Array(blockNumbers);
  #used = 0;
  #mark = 0;

  /** An array of zeros. */
  take(numbers: number): Float64Array {
    if (this.#used + numbers > this.#block.length) {
      this.#block = new Float64Array(Math.max(blockNumbers, numbers));
      this.#used = 0;
      this.#mark = 0;
    }
    const start = this.#used;
    this.#used += numbers;
    return this.#block.subarray(start, this.#used).fill(0);
  }

  /** Keeps all arrays taken so far. */
  keep(): void {
    this.#mark = this.#used;
  }

  /** Takes back the arrays taken since the last `keep`; nothing may read them any more. */
  release(): void {
    this.#used = this.#mark;
  }
}
