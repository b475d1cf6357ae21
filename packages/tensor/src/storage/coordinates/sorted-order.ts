/**
 * Sorting of coordinate lists: a stable least-significant-digit radix sort over the coordinate arrays, which carries an
 * order of entries instead of moving the entries themselves.
 */

/** Widest digit: 2048 counters stay in the first-level cache. */
const maximumDigitBits = 11;

/**
 * The stable order that sorts entries by `keys[0]`, then `keys[1]`, …: entry `order[e]` comes e-th. `undefined` where
 * they stand in order already.
 *
 * @param keys arrays of at least `count` coordinates, none negative, the most significant first
 */
export function sortedOrder(keys: readonly Int32Array[], count: number): Int32Array | undefined {
  if (inOrder(keys, count)) return undefined;
  const sort = new RadixSort(count);
  for (let k = keys.length - 1; k >= 0; k--) sort.by(keys[k]!);
  return sort.order;
}

/** Whether the first `count` entries rise by `keys[0]`, then `keys[1]`, …; equal entries may follow one another. */
function inOrder(keys: readonly Int32Array[], count: number): boolean {
  for (let e = 1; e < count; e++) {
    for (let k = 0; k < keys.length; k++) {
      const step = keys[k]![e]! - keys[k]![e - 1]!;
      if (step > 0) break;
      if (step < 0) return false;
    }
  }
  return true;
}

class RadixSort {
  order: Int32Array;
  readonly #count: number;
  readonly #counters: Int32Array;
  /** `#keys[e]` is the key of entry `order[e]`; the spare arrays take turns with the live ones. */
  #keys: Int32Array;
  #spareOrder: Int32Array;
  #spareKeys: Int32Array;

  constructor(count: number) {
    this.#count = count;
    this.order = new Int32Array(count);
    for (let e = 0; e < count; e++) this.order[e] = e;
    this.#keys = new Int32Array(count);
    this.#spareOrder = new Int32Array(count);
    this.#spareKeys = new Int32Array(count);
    this.#counters = new Int32Array(1 << maximumDigitBits);
  }

  by(key: Int32Array): void {
    const { order } = this;
    const keys = this.#keys;
    const count = this.#count;
    let greatest = 0;
    let sorted = true;
    for (let e = 0, previous = 0; e < count; e++) {
      const value = key[order[e]!]!;
      keys[e] = value;
      if (value < previous) sorted = false;
      if (value > greatest) greatest = value;
      previous = value;
    }
    if (sorted) return;
    const bits = 32 - Math.clz32(greatest);
    const passes = Math.ceil(bits / maximumDigitBits);
    const digitBits = Math.ceil(bits / passes);
    for (let pass = 0; pass < passes; pass++) this.#pass(pass * digitBits, digitBits);
  }

  #pass(shift: number, digitBits: number): void {
    const [order, keys, nextOrder, nextKeys] = [this.order, this.#keys, this.#spareOrder, this.#spareKeys];
    const counters = this.#counters;
    const count = this.#count;
    const mask = (1 << digitBits) - 1;
    counters.fill(0, 0, mask + 1);
    for (let e = 0; e < count; e++) counters[(keys[e]! >>> shift) & mask]!++;
    for (let digit = 0, start = 0; digit <= mask; digit++) {
      const size = counters[digit]!;
      counters[digit] = start;
      start += size;
    }
    for (let e = 0; e < count; e++) {
      const key = keys[e]!;
      const place = counters[(key >>> shift) & mask]!++;
      nextOrder[place] = order[e]!;
      nextKeys[place] = key;
    }
    [this.order, this.#keys, this.#spareOrder, this.#spareKeys] = [nextOrder, nextKeys, order, keys];
  }
}
