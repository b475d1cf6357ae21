import type { Channel, Progress } from "@millrace/sim-core";
import type { TileSum } from "../../tiles/sum-tiles.ts";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, REPEAT, STOP, VOID } from "../token.ts";

/**
 * Sums each fibre of values, one sum for each coordinate of the loop around it. Inputs: val, crd. Output: val.
 *
 * A `Reduce` takes every stop for the end of a fibre. But where a fibre of the loop around is empty, the stop that ends
 * that fibre ends nothing to sum: the coordinates say so. Clock rules are those of `Reduce`; coordinates come earlier than
 * the values they lead to, so waiting for them costs nothing.
 */
export class GuidedReduce extends Block {
  readonly #in: Channel;
  readonly #guide: Channel;
  readonly #out: OutPort;
  readonly #maximum: boolean;
  readonly #tiles: TileSum | null;
  // In an array, which holds it in place.
  readonly #result = new Float64Array(1);
  #values = 0;
  // Tag of the stop that is still to be written after its fibre's result, 0 for none.
  #pendingStop = 0;

  /** With `tiles`, values are numbers of tiles. */
  constructor(wiring: BlockWiring, operation: "add" | "max", tiles: TileSum | null = null) {
    super(wiring);
    this.#tiles = tiles;
    this.#in = wiring.inputs[0]!;
    this.#guide = wiring.inputs[1]!;
    this.#out = wiring.outputs[0]!;
    this.#maximum = operation === "max";
  }

  fire(budget: number): Progress {
    const input = this.#in;
    const guide = this.#guide;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!guide.readable) return this.starved(clock, guide);
      if (this.#pendingStop === 0) {
        if (!input.readable) return this.starved(clock, input);
        clock = guide.peek(input.peek(clock));
      } else {
        clock = guide.peek(clock);
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (guide.headTag === VOID) guide.release(clock);
      else if (this.#pendingStop !== 0) clock = this.#passStop(clock, this.#pendingStop);
      else if (input.headTag === DONE) return this.#end(clock);
      else if (guide.headTag === DATA || input.headTag === VOID) clock = this.#sum(clock);
      else clock = this.#passEmpty(clock);
    }
    this.clock = clock;
    return "more";
  }

  /** A token of a fibre that belongs to the coordinate at the head of the guide. */
  #sum(clock: number): number {
    const input = this.#in;
    const tag = input.headTag;
    if (tag === REPEAT) throw this.unexpected(input, "a value, a stop or D");
    const value = input.headPayload;
    input.release(clock);
    if (tag === DATA) {
      this.#accept(value);
      this.work += 1;
      return clock + 1;
    }
    if (tag === EMPTY) {
      this.#accept(0);
      return clock + this.timing.missingValueCycles;
    }
    if (tag < STOP) return clock + 1;
    this.#guide.release(clock);
    this.#out.putValue(clock, this.#result, 0);
    this.#result[0] = 0;
    this.#values = 0;
    this.#pendingStop = tag - STOP;
    return clock + (this.#pendingStop === 0 ? 1 : this.timing.stopAfterSumCycles);
  }

  /** The stop of the loop around, which comes on both inputs: on `val` it was one higher. */
  #passStop(clock: number, stop: number): number {
    if (this.#guide.headTag !== stop) throw this.tagMismatch(this.#in, stop + 1, this.#guide, this.#guide.headTag);
    this.#guide.release(clock);
    this.#out.put(clock, 0, stop);
    this.#pendingStop = 0;
    return clock + 1;
  }

  /** The end of an empty fibre of the loop around: there is nothing to sum. */
  #passEmpty(clock: number): number {
    const tag = this.#in.headTag;
    if (tag !== this.#guide.headTag + 1) throw this.mismatch(this.#in, this.#guide);
    this.#in.release(clock);
    return this.#passStop(clock, tag - STOP);
  }

  #end(clock: number): Progress {
    if (this.#guide.headTag !== DONE) throw this.mismatch(this.#in, this.#guide);
    this.#in.release(clock);
    this.#guide.release(clock);
    this.#out.put(clock, 0, DONE);
    return this.finishAt(clock);
  }

  override held(visit: (payload: number) => void): void {
    visit(this.#result[0]!);
  }

  #accept(value: number): void {
    if (this.#tiles !== null) this.#result[0] = this.#tiles.absorb(this.#result[0]!, value, this.#values === 0);
    else if (!this.#maximum) this.#result[0]! += value;
    else this.#result[0] = this.#values === 0 ? value : Math.max(this.#result[0]!, value);
    this.#values += 1;
  }
}
