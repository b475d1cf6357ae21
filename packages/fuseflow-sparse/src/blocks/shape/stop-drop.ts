import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DONE, isItem, STOP, VOID } from "../token.ts";

/** Takes the stops out of a stream, one token a step. Input: in. Output: out. */
export class StopDrop extends Block {
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
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = input.headTag;
      if (isItem(tag) || tag === DONE) this.#out.put(clock, input.headPayload, tag);
      else if (tag < STOP && tag !== VOID) throw this.unexpected(input, "an item, a stop or D");
      input.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
