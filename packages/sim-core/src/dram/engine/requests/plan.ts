/**
 * The first of a class of requests that wait for the same command, and how long that is known to hold.
 */

const NEVER = Number.POSITIVE_INFINITY;

/** The first of a class: the earliest to be ready and, of those, the oldest; `slot` is -1 if there is none. */
export class Plan {
  slot = -1;
  time: number = NEVER;
  order: number = NEVER;
  /** No other of the class is ready after `time` and before this. */
  second: number = NEVER;
  /** Whether the class must be searched. */
  stale = false;

  set(slot: number, time: number, order: number, second: number): void {
    this.slot = slot;
    this.time = time;
    this.order = order;
    this.second = second;
    this.stale = false;
  }

  add(slot: number, time: number, order: number): void {
    if (time > this.time) {
      if (time < this.second) this.second = time;
      return;
    }
    if (time < this.time) this.second = this.time;
    else if (order > this.order) return;
    this.slot = slot;
    this.time = time;
    this.order = order;
  }

  /** Whether the first is still the first when nothing of the class may issue before `floor`. */
  holdsFrom(floor: number): boolean {
    if (this.stale) return false;
    if (this.time >= floor) return true;
    if (this.second <= floor) return false;
    this.time = floor;
    return true;
  }
}
