import type { Channel } from "./channel.ts";

/** Told what happens on channels; a timeline is one. Times are cycles; each call comes in order of time for its channel and kind. */
export interface ChannelObserver {
  /** The reader waited for a token over [from, until). */
  starved(channel: Channel, from: number, until: number): void;
  /** The writer waited for a slot over [from, until). */
  blocked(channel: Channel, from: number, until: number): void;
  /** From `time` on `held` tokens hold slots; of several calls for one time the last counts. */
  occupancy(channel: Channel, time: number, held: number): void;
}
