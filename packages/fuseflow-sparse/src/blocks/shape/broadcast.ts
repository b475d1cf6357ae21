import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import { DONE } from "../token.ts";

/** Copies a stream to every output. Copying takes no step: a token leaves a cycle after it was there. Input: in. Outputs: out0 …. */
export class Broadcast extends Block {
  readonly #in: Channel;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#in = wiring.inputs[0]!;
  }

  fire(budget: number): Progress {
    const input = this.#in;
    const { ports } = this;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const payload = input.headPayload;
      const tag = input.headTag;
      for (let p = 0; p < ports.length; p++) ports[p]!.put(clock, payload, tag);
      input.release(clock);
      if (tag === DONE) return this.finishAt(clock);
    }
    this.clock = clock;
    return "more";
  }
}
