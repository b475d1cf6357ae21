/**
 * Requests in the order of their acceptance, the oldest first: few, and most of what leaves is near the front.
 */

/** A list of slots of a pool, by the `order` of the requests in them. */
export class AgedList {
  /** slots[0 … count). */
  readonly slots: Int32Array;
  count = 0;
  readonly #order: Float64Array;

  constructor(order: Float64Array) {
    this.slots = new Int32Array(order.length);
    this.#order = order;
  }

  /** Puts `slot` in its place. */
  insert(slot: number): void {
    const { slots } = this;
    const order = this.#order;
    const own = order[slot]!;
    let place = this.count;
    for (; place > 0 && order[slots[place - 1]!]! > own; place--) slots[place] = slots[place - 1]!;
    slots[place] = slot;
    this.count += 1;
  }

  /** Takes out `slot`, which is there. */
  remove(slot: number): void {
    const { slots } = this;
    let place = 0;
    while (slots[place] !== slot) place += 1;
    this.count -= 1;
    for (const last = this.count; place < last; place++) slots[place] = slots[place + 1]!;
  }
}
