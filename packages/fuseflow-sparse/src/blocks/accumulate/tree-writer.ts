import type { OutPort } from "../out-port.ts";
import { DATA } from "../token.ts";
import type { SortedSums } from "./sorted-sums.ts";

/** Writes sorted sums as a fibre tree, in pieces that put at most one token on each port. */
export class TreeWriter {
  // Coordinate ports, innermost first, then the value port.
  readonly #ports: readonly OutPort[];
  readonly #sums: SortedSums;
  #stop = 0;
  #place = 0;
  // Whether the stops between the last point and the one at #place are written.
  #parted = true;

  constructor(ports: readonly OutPort[], sums: SortedSums) {
    this.#ports = ports;
    this.#sums = sums;
  }

  /** Begins with a tree whose outermost fibre ends with the stop of tag `stop`. */
  start(stop: number): void {
    this.#stop = stop;
    this.#place = 0;
    this.#parted = true;
  }

  /** Writes one piece at `clock`; whether it was the last. */
  step(clock: number): boolean {
    const sums = this.#sums;
    const place = this.#place;
    const order = sums.order;
    const values = this.#ports[order]!;
    if (place === sums.count) {
      for (let k = 0; k < order; k++) this.#ports[k]!.put(clock, 0, this.#stop + order - 1 - k);
      values.put(clock, 0, this.#stop + order - 1);
      return true;
    }
    const top = place === 0 ? order - 1 : this.#firstDifference(place);
    if (!this.#parted && top > 0) {
      for (let k = 0; k < top; k++) this.#ports[k]!.put(clock, 0, top - k);
      values.put(clock, 0, top);
      this.#parted = true;
      return false;
    }
    for (let k = top; k >= 0; k--) this.#ports[k]!.put(clock, sums.coordinate(place, k), DATA);
    values.put(clock, sums.sum(place), DATA);
    this.#place = place + 1;
    this.#parted = false;
    return false;
  }

  // The outermost level at which a point differs from the one before.
  #firstDifference(place: number): number {
    const sums = this.#sums;
    let level = sums.order - 1;
    while (level > 0 && sums.coordinate(place, level) === sums.coordinate(place - 1, level)) level -= 1;
    return level;
  }
}
