import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DONE } from "../token.ts";

/**
 * An input of a block that takes tokens out of its queue as they come, one a cycle, and keeps them inside: a stream into
 * the block's own unbounded store. Input: in. Output: out, in the same cycle.
 */
export class Intake extends Block {
  readonly #in: Channel;
  readonly #out: OutPort;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#in = wiring.inputs[0]!;
    this.#out = wiring.outputs[0]!;
  }

  fire(budget: number): Progress {
    const input = this.#in;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
      const tag = input.headTag;
      // Readable a cycle after it is put, so put a cycle early.
      this.#out.put(clock - 1, input.headPayload, tag);
      input.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
