import type { Channel, MemoryPort } from "@millrace/sim-core";

/** Bytes of a coordinate, position or value in memory. */
export const ELEMENT_BYTES = 4;

/** Most elements a block asks for before it waits for all of them. */
export const BATCH = 8;

/** One array in memory, as a block reads or writes it: a request for some elements, then an answer when all are done. */
export class MemoryAccess {
  readonly request: Channel;
  /** Where answers come: readable once the last element of the request is done. */
  readonly response: Channel;
  readonly #sign: number;
  readonly #base: number;
  readonly #burstBytes: number;
  readonly #entryBytes: number;

  /**
   * `base` is the address of entry 0, and an entry has `elements`: 1, or those of a tile. Memory moves whole bursts of
   * `burstBytes`.
   */
  constructor(
    port: MemoryPort,
    place: { readonly base: number; readonly burstBytes: number; readonly elements: number },
  ) {
    this.request = port.request;
    this.response = port.response;
    this.#sign = port.access === "read" ? 1 : -1;
    this.#base = place.base;
    this.#burstBytes = place.burstBytes;
    this.#entryBytes = place.elements * ELEMENT_BYTES;
  }

  /** Asks at `clock` for `count` entries from the one at `index` on. */
  ask(clock: number, index: number, count: number): void {
    const start = this.#base + index * this.#entryBytes;
    const first = Math.floor(start / this.#burstBytes);
    const last = Math.floor((start + count * this.#entryBytes - 1) / this.#burstBytes);
    this.request.put(clock, first * this.#burstBytes, this.#sign * (last - first + 1));
  }

  /** Takes the oldest answer in. Call after `response.peek`. */
  take(clock: number): void {
    this.response.release(clock);
  }
}
