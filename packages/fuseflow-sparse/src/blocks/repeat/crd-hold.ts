import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, STOP } from "../token.ts";

/**
 * Repeats each outer coordinate once per item of its inner fibre, so that both outputs have the inner stream's shape; one
 * inner token a step. Inputs: outer, inner. Outputs: outer, inner.
 */
export class CrdHold extends Block {
  readonly #outer: Channel;
  readonly #inner: Channel;
  readonly #outerOut: OutPort;
  readonly #innerOut: OutPort;
  // Tag of the outer stop still to be taken in with the step that passed the inner one, 0 for none.
  #pendingStop = 0;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#outer = wiring.inputs[0]!;
    this.#inner = wiring.inputs[1]!;
    this.#outerOut = wiring.outputs[0]!;
    this.#innerOut = wiring.outputs[1]!;
  }

  fire(budget: number): Progress {
    const outer = this.#outer;
    const inner = this.#inner;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!outer.readable) return this.starved(clock, outer);
      if (this.skips(outer, Math.max(clock, outer.headTime))) continue;
      if (this.#pendingStop !== 0) {
        this.#takeOuterStop(clock);
        continue;
      }
      if (!inner.readable) return this.starved(clock, inner);
      clock = inner.peek(outer.peek(clock));
      if (this.skips(inner, clock)) {
        clock += 1;
        continue;
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = inner.headTag;
      if (isItem(tag)) {
        if (outer.headTag !== DATA) throw this.mismatch(outer, inner);
        this.#innerOut.put(clock, inner.headPayload, tag);
        this.#outerOut.put(clock, outer.headPayload, DATA);
      } else if (tag >= STOP) {
        this.#put(clock, tag);
        this.#takeOuter(clock, tag);
      } else if (tag === DONE) {
        if (outer.headTag !== DONE) throw this.mismatch(outer, inner);
        this.#put(clock, DONE);
        outer.release(clock);
        inner.release(clock);
        return this.finishAt(clock);
      } else {
        throw this.unexpected(inner, "an item, a stop or D");
      }
      inner.release(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }

  // An inner stop ends an outer coordinate's fibre, or stands for an outer fibre that is empty.
  #takeOuter(clock: number, tag: number): void {
    const outer = this.#outer;
    if (outer.headTag === DATA) this.#pendingStop = tag - STOP;
    else if (outer.headTag !== tag - 1) throw this.mismatch(outer, this.#inner);
    outer.release(clock);
  }

  #takeOuterStop(clock: number): void {
    const outer = this.#outer;
    if (outer.headTag !== this.#pendingStop) {
      throw this.tagMismatch(outer, outer.headTag, this.#inner, this.#pendingStop + 1);
    }
    outer.release(Math.max(clock, outer.headTime));
    this.#pendingStop = 0;
  }

  #put(clock: number, tag: number): void {
    this.#outerOut.put(clock, 0, tag);
    this.#innerOut.put(clock, 0, tag);
  }
}
