/** Numbers that are appended one by one: a typed array that doubles. */
export class GrowingFloat64 {
  #numbers: Float64Array = new Float64Array(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = value;
  }

  /** The numbers so far, as a view. */
  view(): Float64Array {
    return this.#numbers.subarray(0, this.#length);
  }
}

/** As {@link GrowingFloat64}, of 32-bit integers. */
export class GrowingInt32 {
  #numbers: Int32Array = new Int32Array(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = value;
  }

  /** The numbers so far, as a view. */
  view(): Int32Array {
    return this.#numbers.subarray(0, this.#length);
  }
}
