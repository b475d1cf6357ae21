/**
 * Open-addressing tables of hashed levels: a power of two of slots, probed linearly upwards and around, -1 where free.
 * At most half of the slots are taken, so every search ends at a free one.
 */

/** What a free slot holds instead of a coordinate. */
export const freeSlot = -1;

/** Slots of a table for `children` coordinates: the smallest power of two that is at least twice as many; 0 for none. */
export function slotsFor(children: number): number {
  return children === 0 ? 0 : 2 ** (32 - Math.clz32(2 * children - 1));
}

/** Where the search for a coordinate begins, relative to its table: the top bits of a multiplicative (Fibonacci) hash. */
export function homeSlot(coordinate: number, slots: number): number {
  return slots < 2 ? 0 : Math.imul(coordinate, 0x9e3779b1) >>> (Math.clz32(slots) + 1);
}

/** The slot that holds `coordinate` in the table `table[start .. end)`, or the free slot where it would go; -1 if neither. */
export function probe(table: Int32Array, start: number, end: number, coordinate: number): number {
  const slots = end - start;
  let slot = homeSlot(coordinate, slots);
  for (let step = 0; step < slots; step++) {
    const held = table[start + slot]!;
    if (held === coordinate || held === freeSlot) return start + slot;
    slot = (slot + 1) & (slots - 1);
  }
  return -1;
}
