import type { Channel } from "@millrace/sim-core";
import { OutPort } from "./out-port.ts";
import { DATA, isItem } from "./token.ts";

/**
 * An output behind a pipeline: a value can be read `latency` cycles after its step. Stops and ends are not worked on, so they
 * are there as soon as the value before them is.
 */
export class LatentPort extends OutPort {
  readonly #latency: number;
  // Time from which the last token can be read.
  #ready = 0;

  constructor(channels: readonly Channel[], latency: number) {
    super(channels);
    this.#latency = latency;
  }

  override put(clock: number, payload: number, tag: number): void {
    this.lastPut = clock;
    this.#ready = Math.max(this.#ready, clock + (isItem(tag) ? this.#latency : 1));
    for (const channel of this.channels) channel.putAt(this.#ready, payload, tag);
  }

  override putValue(clock: number, values: Float64Array, place: number): void {
    this.put(clock, values[place]!, DATA);
  }
}
