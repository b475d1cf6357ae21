import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, STOP, VOID } from "../token.ts";

/**
 * The coordinate holder of the global-clock profile: what `CrdHold` does, built of a repeat signal and a repeater. Inner
 * tokens pass at once, the outer token that belongs to one follows a cycle later, or when its coordinate is there.
 *
 * The two halves have times of their own. Their stalls are one block's only as long as outer coordinates are there in
 * time, which they are wherever the inner stream was made from the outer one.
 */
export class RegisteredCrdHold extends Block {
  readonly #outer: Channel;
  readonly #inner: Channel;
  readonly #outerOut: OutPort;
  readonly #innerOut: OutPort;
  // Time from which the half that repeats is free again; `clock` is that of the half that passes.
  #repeatClock = 0;
  // Tag of the inner token that passed and has no outer token yet, `NONE` for none.
  #passed = NONE;
  // Whether an outer coordinate's repetitions have ended and the stop that follows them is to be written.
  #ending = false;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#outer = wiring.inputs[0]!;
    this.#inner = wiring.inputs[1]!;
    this.#outerOut = wiring.outputs[0]!;
    this.#innerOut = wiring.outputs[1]!;
  }

  fire(budget: number): Progress {
    const inner = this.#inner;
    for (let left = budget; left > 0; left--) {
      if (this.#passed !== NONE) {
        const outer = this.#outer;
        if (!outer.readable) return this.starved(this.clock, outer);
        const time = this.#room(Math.max(this.#repeatClock, outer.headTime));
        if (time < 0) return this.blocked();
        if (this.#repeat(time)) return this.finishAt(Math.max(this.clock - 1, time));
        continue;
      }
      if (!inner.readable) return this.starved(this.clock, inner);
      let time = inner.peek(this.clock);
      time = this.#room(time);
      if (time < 0) return this.blocked();
      const tag = inner.headTag;
      if (!isItem(tag) && tag < STOP && tag !== DONE && tag !== VOID)
        throw this.unexpected(inner, "an item, a stop or D");
      if (tag !== VOID) {
        this.#innerOut.put(time, inner.headPayload, tag);
        this.#passed = tag;
        this.#repeatClock = Math.max(this.#repeatClock, time + 1);
      }
      inner.release(time);
      this.clock = time + 1;
    }
    return "more";
  }

  // A cycle in which the block has stepped already is a cycle in which it can step.
  #room(time: number): number {
    if (!this.stalls || time === this.#outerOut.lastPut || time === this.#innerOut.lastPut) return time;
    return this.room(time);
  }

  /** Writes the outer token for the inner one that passed; whether it was the last. */
  #repeat(time: number): boolean {
    const outer = this.#outer;
    const passed = this.#passed;
    const tag = outer.headTag;
    this.#repeatClock = time + 1;
    if (this.#ending || (passed >= STOP && tag >= STOP)) {
      this.#outerOut.put(time, 0, tag >= STOP ? tag + 1 : STOP);
      if (passed !== (tag >= STOP ? tag + 1 : STOP)) throw this.tagMismatch(outer, tag, this.#inner, passed);
      if (tag >= STOP) outer.release(time);
      this.#ending = false;
      this.#passed = NONE;
    } else if (isItem(passed) && tag === DATA) {
      this.#outerOut.put(time, outer.headPayload, DATA);
      this.#passed = NONE;
    } else if (passed >= STOP && tag === DATA) {
      outer.release(time);
      this.#ending = true;
      this.#repeatClock = time;
    } else if (passed === DONE && tag === DONE) {
      this.#outerOut.put(time, 0, DONE);
      outer.release(time);
      return true;
    } else {
      throw this.tagMismatch(outer, tag, this.#inner, passed);
    }
    return false;
  }
}

/** A tag that no token has. */
const NONE = -100;
