import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, STOP } from "../token.ts";

/** Where a mask is: before an outer token, inside an inner fibre, before an inner stop or D. */
const OUTER = 0;
const INNER = 1;
const INNER_END = 2;

/**
 * Keeps the inner coordinates, with their references, that stand in a relation to the outer one: `lower` keeps inner <=
 * outer, `upper` inner >= outer, `diagonal` inner = outer. Fibres may become empty; outer coordinates stay. Inputs:
 * outer, inner, ref. Outputs: outer, inner, ref.
 */
export class Mask extends Block {
  readonly #outer: Channel;
  readonly #inner: Channel;
  readonly #ref: Channel;
  readonly #outerOut: OutPort;
  readonly #innerOut: OutPort;
  readonly #refOut: OutPort;
  readonly #keep: "lower" | "upper" | "diagonal";
  #phase = OUTER;
  #coordinate = 0;
  #tag = DATA;
  #afterStop = true;

  constructor(wiring: BlockWiring, keep: "lower" | "upper" | "diagonal") {
    super(wiring);
    this.#outer = wiring.inputs[0]!;
    this.#inner = wiring.inputs[1]!;
    this.#ref = wiring.inputs[2]!;
    this.#outerOut = wiring.outputs[0]!;
    this.#innerOut = wiring.outputs[1]!;
    this.#refOut = wiring.outputs[2]!;
    this.#keep = keep;
  }

  fire(budget: number): Progress {
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      const input = this.#phase === OUTER ? this.#outer : this.#inner;
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
      if (this.skips(input, clock)) {
        clock += 1;
        continue;
      }
      if (this.#phase !== OUTER) {
        if (!this.#ref.readable) return this.starved(clock, this.#ref);
        clock = this.#ref.peek(clock);
        if (this.skips(this.#ref, clock)) continue;
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (this.#phase === OUTER) clock = this.#takeOuter(clock);
      else {
        this.#takeInner(clock);
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
    outer.release(clock);
    if (tag === DATA) {
      this.#outerOut.put(clock, this.#coordinate, DATA);
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

  #takeInner(clock: number): void {
    const inner = this.#inner;
    const ref = this.#ref;
    const tag = inner.headTag;
    if (tag === DATA ? !isItem(ref.headTag) : ref.headTag !== tag) throw this.mismatch(inner, ref);
    if (this.#phase === INNER_END) {
      const expected = this.#tag === DONE ? DONE : this.#tag + 1;
      if (tag !== expected) throw this.tagMismatch(this.#outer, this.#tag, inner, tag);
      this.#outerOut.put(clock, 0, this.#tag);
      this.#afterStop = true;
    } else if (tag < STOP && tag !== DATA) {
      throw this.unexpected(inner, "a coordinate or a stop");
    }
    if (tag >= STOP || this.#phase === INNER_END) this.#phase = OUTER;
    if (tag !== DATA || this.#keeps(inner.headPayload)) {
      this.#innerOut.put(clock, inner.headPayload, tag);
      this.#refOut.put(clock, ref.headPayload, ref.headTag);
    }
    inner.release(clock);
    ref.release(clock);
  }

  #keeps(coordinate: number): boolean {
    if (this.#keep === "lower") return coordinate <= this.#coordinate;
    if (this.#keep === "upper") return coordinate >= this.#coordinate;
    return coordinate === this.#coordinate;
  }
}
