/**
 * The pattern of all timed operators: peek at inputs, work, write, and only then free the input slots.
 *
 * A subclass says which inputs its next step needs. Once all of them have a slot the clock moves on to the latest of
 * them and the step runs: it adds its cycles of work, queues what is to be written, and names the inputs to free. What is
 * queued is written in order, each piece as soon as its channel has room; then the inputs are freed.
 */
import { type Channel, Node, type Progress } from "@millrace/sim-core";
import type { StreamCount } from "./stream-count.ts";

/** A timed operator. */
export abstract class TimedNode extends Node {
  /** What each output has carried; outputs beyond these are no streams. */
  counts: readonly StreamCount[] = [];
  // Parallel, #next … #queued: what is still to be written, and the cycles that follow each writing.
  readonly #ports: number[] = [];
  readonly #payloads: number[] = [];
  readonly #tags: number[] = [];
  readonly #cycles: number[] = [];
  #next = 0;
  readonly #freed: number[] = [];
  #done = false;

  /** Inputs that the next step needs; each must have a slot, or have ended. */
  protected abstract awaits(): readonly number[];

  /** One step; the inputs awaited have slots, and the clock is not before any of them. */
  protected abstract step(): void;

  /** Called instead of `step` when an awaited input has ended. The node ends when it has written what is queued. */
  protected abstract end(port: number): void;

  /** Queues a slot for output `port`; the node spends `cycles` after writing it. */
  protected write(port: number, payload: number, tag: number, cycles = 0): void {
    this.#ports.push(port);
    this.#payloads.push(payload);
    this.#tags.push(tag);
    this.#cycles.push(cycles);
  }

  /** Frees the slot at the head of an input once everything queued is written. */
  protected free(port: number): void {
    this.#freed.push(port);
  }

  /** Frees the slot at the head of an input at once: for operators that take before they write. */
  protected freeNow(port: number): void {
    this.inputs[port]!.release(this.clock);
  }

  /** Ends the node once everything queued is written. */
  protected conclude(): void {
    this.#done = true;
  }

  protected input(port: number): Channel {
    return this.inputs[port]!;
  }

  override fire(budget: number): Progress {
    for (let left = budget; left > 0; left--) {
      const full = this.#flush();
      if (full !== null) return this.waitFor(full);
      for (const port of this.#freed) this.inputs[port]!.release(this.clock);
      this.#freed.length = 0;
      if (this.#done) return this.finish();
      const empty = this.#prepare();
      if (empty !== null) return this.waitFor(empty);
    }
    return "more";
  }

  /** Writes what is queued; the channel without room that stops it, if any. */
  #flush(): Channel | null {
    for (; this.#next < this.#ports.length; this.#next++) {
      const channel = this.outputs[this.#ports[this.#next]!]!;
      if (!channel.writable) return channel;
      this.clock = channel.reserve(this.clock);
      const tag = this.#tags[this.#next]!;
      channel.put(this.clock, this.#payloads[this.#next]!, tag);
      this.counts[this.#ports[this.#next]!]?.add(tag);
      this.clock += this.#cycles[this.#next]!;
    }
    this.#next = 0;
    this.#ports.length = 0;
    this.#payloads.length = 0;
    this.#tags.length = 0;
    this.#cycles.length = 0;
    return null;
  }

  /** Runs a step if its inputs are there; the channel that has nothing yet, if any. */
  #prepare(): Channel | null {
    const ports = this.awaits();
    for (const port of ports) {
      const channel = this.inputs[port]!;
      if (channel.readable) continue;
      if (!channel.ended) return channel;
      // The end is known when the writer ends, which may be long after its last slot.
      const ended = channel.writer?.clock ?? 0;
      if (ended > this.clock) {
        channel.starve(this.clock, ended);
        this.clock = ended;
      }
      this.end(port);
      this.#done = true;
      return null;
    }
    for (const port of ports) this.clock = this.inputs[port]!.peek(this.clock);
    this.step();
    return null;
  }
}
