/**
 * The first of a class of requests that wait for the same command, and how long that is known to hold.
 */

const NEVER = Number.POSITIVE_INFINITY;

/** The first of a class: the earliest to be ready and, of those, the oldest; `slot` is -1 if there is none. */
export class Plan {
  slot = -1;
  bank = -1;
  time: number = NEVER;
  order: number = NEVER;
  /** No older request of the class is ready before this. Younger ones never come first once `time` is reached. */
  rival: number = NEVER;
  /** Whether the class must be searched. */
  stale = false;

  /** The class is empty. */
  clear(): void {
    this.stale = false;
    if (this.slot < 0) return;
    this.slot = -1;
    this.bank = -1;
    this.time = NEVER;
    this.order = NEVER;
    this.rival = NEVER;
  }

  /** Takes up a request that has come to the class. */
  add(slot: number, bank: number, time: number, order: number): void {
    if (time < this.time) {
      if (this.time < this.rival) this.rival = this.time;
    } else {
      if (order > this.order) return;
      if (time > this.time) {
        if (time < this.rival) this.rival = time;
        return;
      }
    }
    this.slot = slot;
    this.bank = bank;
    this.time = time;
    this.order = order;
  }

  /** Whether the first is still the first when nothing of the class may issue before `floor`. */
  holdsFrom(floor: number): boolean {
    if (this.stale) return false;
    if (this.time >= floor) return true;
    if (this.rival <= floor) return false;
    this.time = floor;
    return true;
  }
}
