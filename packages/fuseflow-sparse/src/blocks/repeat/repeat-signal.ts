import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DONE, isItem, REPEAT, STOP, VOID } from "../token.ts";

/** Turns the shape of a stream into a repeat signal: `R` for every item, `S` for every stop, `D`. Input: crd. Output: repsig. */
export class RepeatSignal extends Block {
  readonly #in: Channel;
  readonly #out: OutPort;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#in = wiring.inputs[0]!;
    this.#out = wiring.outputs[0]!;
  }

  fire(budget: number): Progress {
    const input = this.#in;
    const output = this.#out;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = input.headTag;
      if (isItem(tag)) output.put(clock, 0, REPEAT);
      else if (tag >= STOP) output.put(clock, 0, STOP);
      else if (tag === DONE) {
        output.put(clock, 0, DONE);
        input.release(clock);
        return this.finishAt(clock);
      } else if (tag === VOID) output.put(clock, 0, VOID);
      else throw this.unexpected(input, "an item, a stop or D");
      input.release(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
