import type { Channel } from "./channel.ts";

/** Told what happens on channels; a timeline is one. Times are cycles; calls of one kind come in order of time for each channel. */
export interface ChannelObserver {
  /** The reader waited for a token over [from, until). */
  starved(channel: Channel, from: number, until: number): void;
  /** The writer waited for a slot over [from, until). */
  blocked(channel: Channel, from: number, until: number): void;
  /** A token took a slot at `time`. */
  written(channel: Channel, time: number): void;
  /** The slot of the oldest token is free from `time` on; told at the next writing, or when asked for. */
  released(channel: Channel, time: number): void;
}
