import type { Channel } from "@millrace/sim-core";
import { DATA } from "./token.ts";

/** An output of a block: the same tokens go to each of its channels (none if nothing is connected). */
export class OutPort {
  readonly channels: readonly Channel[];
  /** Time of the last token; below every clock before the first. */
  lastPut = -2;
  // The only channel, where there is one: the common case.
  readonly #only: Channel | null;

  constructor(channels: readonly Channel[]) {
    this.channels = channels;
    this.#only = channels.length === 1 ? channels[0]! : null;
  }

  /** Writes a token at `clock`. */
  put(clock: number, payload: number, tag: number): void {
    this.lastPut = clock;
    const only = this.#only;
    if (only !== null) {
      only.put(clock, payload, tag);
      return;
    }
    const { channels } = this;
    for (let i = 0; i < channels.length; i++) channels[i]!.put(clock, payload, tag);
  }

  /**
   * Writes the data token `values[place]` at `clock`. A value that is handed over in its array, and not as a number, costs
   * no object where the compiler does not inline the call.
   */
  putValue(clock: number, values: Float64Array, place: number): void {
    this.lastPut = clock;
    const only = this.#only;
    if (only !== null) {
      only.put(clock, values[place]!, DATA);
      return;
    }
    const { channels } = this;
    for (let i = 0; i < channels.length; i++) channels[i]!.put(clock, values[place]!, DATA);
  }
}
