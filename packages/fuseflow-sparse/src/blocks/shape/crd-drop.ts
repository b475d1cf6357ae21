import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, STOP } from "../token.ts";

/** Where a dropper is: before an outer token, inside the inner fibre of an outer coordinate, before an inner stop or D. */
const OUTER = 0;
const INNER = 1;
const INNER_END = 2;

/**
 * Passes outer coordinates on whose inner fibre holds anything, and the inner stream as it is. An outer stop that follows
 * a stop (an empty outer fibre) has an inner stop of its own. Inputs: outer, inner. Outputs: outer, inner.
 */
export class CrdDrop extends Block {
  readonly #outer: Channel;
  readonly #inner: Channel;
  readonly #outerOut: OutPort;
  readonly #innerOut: OutPort;
  #phase = OUTER;
  // The outer token taken in, and whether its inner fibre held anything so far.
  #coordinate = 0;
  #tag = DATA;
  #holds = false;
  #afterStop = true;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#outer = wiring.inputs[0]!;
    this.#inner = wiring.inputs[1]!;
    this.#outerOut = wiring.outputs[0]!;
    this.#innerOut = wiring.outputs[1]!;
  }

  fire(budget: number): Progress {
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      const input = this.#phase === OUTER ? this.#outer : this.#inner;
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (this.skips(input, clock)) {
        clock += 1;
        continue;
      }
      if (this.#phase === OUTER) clock = this.#takeOuter(clock);
      else if (this.#phase === INNER) clock = this.#takeInner(clock);
      else {
        this.#takeEnd(clock);
        if (this.#tag === DONE) return this.finishAt(clock);
        clock += 1;
      }
    }
    this.clock = clock;
    return "more";
  }

  #takeOuter(clock: number): number {
    const outer = this.#outer;
    const tag = outer.headTag;
    if (tag !== DATA && tag < STOP && tag !== DONE) throw this.unexpected(outer, "a coordinate, a stop or D");
    this.#coordinate = outer.headPayload;
    this.#tag = tag;
    this.#holds = false;
    outer.release(clock);
    if (tag === DATA) {
      this.#phase = INNER;
      this.#afterStop = false;
      return clock;
    }
    if (tag === DONE || this.#afterStop) {
      this.#phase = INNER_END;
      return clock;
    }
    this.#outerOut.put(clock, 0, tag);
    this.#afterStop = true;
    return clock + 1;
  }

  #takeInner(clock: number): number {
    const inner = this.#inner;
    const tag = inner.headTag;
    if (tag < STOP && !isItem(tag)) throw this.unexpected(inner, "an item or a stop");
    this.#innerOut.put(clock, inner.headPayload, tag);
    inner.release(clock);
    if (tag < STOP) {
      this.#holds = true;
      return clock + this.timing.dropCycles;
    }
    if (this.#holds) this.#outerOut.put(clock, this.#coordinate, DATA);
    this.#phase = OUTER;
    return clock + 1;
  }

  #takeEnd(clock: number): void {
    const inner = this.#inner;
    const expected = this.#tag === DONE ? DONE : this.#tag + 1;
    if (inner.headTag !== expected) throw this.tagMismatch(this.#outer, this.#tag, inner, inner.headTag);
    this.#innerOut.put(clock, 0, expected);
    this.#outerOut.put(clock, 0, this.#tag);
    inner.release(clock);
    this.#afterStop = true;
    this.#phase = OUTER;
  }
}
