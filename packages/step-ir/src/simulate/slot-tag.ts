/**
 * What the tag of a token says: the stop behind the value, whether the value was read from on-chip memory, and whether
 * there is a value at all.
 *
 * Payloads are numbers, by the type of the stream: single integers stand for themselves; tiles, selectors, buffers and
 * tuples are handles of the `ValuePool`.
 */

const stopMask = 0xff;
const fromMemoryBit = 0x100;
const bareBit = 0x200;

/** The tag of a stop that ends an empty group: no value. */
export function bareTag(stop: number): number {
  return stop | bareBit;
}

/** The tag of a value with the stop behind it. */
export function valueTag(stop: number, fromMemory = false): number {
  return fromMemory ? stop | fromMemoryBit : stop;
}

/** Level of the stop; 0 for none. */
export function stopOf(tag: number): number {
  return tag & stopMask;
}

/** Whether there is a stop alone. */
export function isBare(tag: number): boolean {
  return (tag & bareBit) !== 0;
}

/** Whether the value comes from on-chip memory, which costs time to read. */
export function isFromMemory(tag: number): boolean {
  return (tag & fromMemoryBit) !== 0;
}

/** The same tag for a value that has been read from on-chip memory. */
export function inRegister(tag: number): number {
  return tag & ~fromMemoryBit;
}

/** The same tag with another stop. */
export function withStop(tag: number, stop: number): number {
  return (tag & ~stopMask) | stop;
}
