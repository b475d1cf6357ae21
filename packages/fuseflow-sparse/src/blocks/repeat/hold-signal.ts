import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DONE, isItem, REPEAT, STOP, VOID } from "../token.ts";

/** Passes a stream on and gives the repeat signal of its shape: one half of a coordinate holder. Input: inner. Outputs: inner, repsig. */
export class HoldSignal extends Block {
  readonly #in: Channel;
  readonly #out: OutPort;
  readonly #signal: OutPort;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#in = wiring.inputs[0]!;
    this.#out = wiring.outputs[0]!;
    this.#signal = wiring.outputs[1]!;
  }

  fire(budget: number): Progress {
    const input = this.#in;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = input.headTag;
      if (!isItem(tag) && tag < STOP && tag !== DONE && tag !== VOID)
        throw this.unexpected(input, "an item, a stop or D");
      this.#out.put(clock, input.headPayload, tag);
      this.#signal.put(clock, 0, isItem(tag) ? REPEAT : Math.min(tag, STOP));
      input.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
