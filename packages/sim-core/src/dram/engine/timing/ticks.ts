/**
 * Ticks inside a channel: whole numbers of 32 bits, counted from an epoch that moves on before they run out. Ticks of the
 * world outside are absolute.
 */

/** Later than every tick that something happens in: what never comes. */
export const NEVER: number = 2 ** 30 - 1;

/** Distance from the epoch at which it is moved on; latencies reach no further than that again. */
export const FARTHEST: number = 2 ** 29;

/** A tick of the world, or what never comes, as one from `epoch`. */
export function fromEpoch(tick: number, epoch: number): number {
  return Math.min(tick - epoch, NEVER);
}
