import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import { DONE, isItem, STOP, VOID } from "../token.ts";
import { GrowingFloat64 } from "./growing.ts";

/** Writes the values of a tensor, one a step; a missing value is written as 0, stops are passed over. Input: val. */
export class ValueWriter extends Block {
  readonly written: GrowingFloat64 = new GrowingFloat64();
  readonly #val: Channel;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#val = wiring.inputs[0]!;
  }

  override held(visit: (payload: number) => void): void {
    for (const payload of this.written.view()) visit(payload);
  }

  fire(budget: number): Progress {
    const val = this.#val;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!val.readable) return this.starved(clock, val);
      clock = val.peek(clock);
      const tag = val.headTag;
      const value = val.headPayload;
      if (!isItem(tag) && tag < STOP && tag !== DONE && tag !== VOID)
        throw this.unexpected(val, "a value, a stop or D");
      val.release(clock);
      if (tag === DONE) return this.finishAt(clock + this.timing.valueEndCycles);
      if (isItem(tag)) {
        this.written.push(value);
        this.work += 1;
        clock += 1;
      } else {
        clock += this.timing.valueStopCycles;
      }
    }
    this.clock = clock;
    return "more";
  }
}
