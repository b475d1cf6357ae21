import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, STOP, VOID } from "../token.ts";

/** Applies a function to each value; a missing value counts as 0, stops pass. Input: val. Output: val. */
export class Unary extends Block {
  readonly #in: Channel;
  readonly #out: OutPort;
  readonly #operation: (value: number) => number;

  constructor(wiring: BlockWiring, operation: (value: number) => number) {
    super(wiring);
    this.#in = wiring.inputs[0]!;
    this.#out = wiring.outputs[0]!;
    this.#operation = operation;
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
      if (isItem(tag)) {
        output.put(clock, this.#operation(input.headPayload), DATA);
        this.work += 1;
      } else if (tag >= STOP || tag === VOID) {
        output.put(clock, 0, tag);
      } else if (tag === DONE) {
        output.put(clock, 0, DONE);
        input.release(clock);
        return this.finishAt(clock);
      } else {
        throw this.unexpected(input, "a value, a stop or D");
      }
      input.release(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
