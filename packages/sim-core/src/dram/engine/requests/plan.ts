/**
 * The first of a class of requests that wait for the same command, and how long that is known to hold.
 *
 * Ticks are counted from the epoch of the channel's timing: when that moves, all plans are stale.
 */
import { NEVER } from "../timing/ticks.ts";

/** Above the number of every request. */
export const LAST: number = 2 ** 31 - 1;

/** The first of a class: the earliest to be ready and, of those, the oldest; `request` is -1 if there is none. */
export class Plan {
  request = -1;
  bank = -1;
  time: number = NEVER;
  order: number = LAST;
  /** No older request of the class is ready before this. Younger ones never come first once `time` is reached. */
  rival: number = NEVER;
  /** Whether the class must be searched. */
  stale = false;

  /** The class is empty. */
  clear(): void {
    this.stale = false;
    if (this.request < 0) return;
    this.request = -1;
    this.bank = -1;
    this.time = NEVER;
    this.order = LAST;
    this.rival = NEVER;
  }

  /** Takes up a request that has come to the class. */
  add(request: number, bank: number, time: number, order: number): void {
    if (time < this.time) {
      if (this.time < this.rival) this.rival = this.time;
    } else {
      if (order > this.order) return;
      if (time > this.time) {
        if (time < this.rival) this.rival = time;
        return;
      }
    }
    this.request = request;
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
