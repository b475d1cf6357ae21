import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, STOP, VOID } from "../token.ts";

/**
 * Takes empty fibres out of a stream: of stops that follow each other the highest is kept, and those before any item are
 * dropped. A stop is written when the token behind the last of its run comes, and that token a step later. Input: in. Output: out.
 */
export class EmptyFiberDrop extends Block {
  readonly #in: Channel;
  readonly #out: OutPort;
  #leading = true;
  // Tag of the highest stop of the current run, 0 for none.
  #stop = 0;
  // Whether the oldest token was seen, and is written in the next step.
  #seen = false;

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
      if (tag >= STOP) {
        if (!this.#leading && tag > this.#stop) this.#stop = tag;
      } else if (this.#stop > 0 && !this.#seen && tag !== VOID) {
        this.#out.put(clock, 0, this.#stop);
        this.#stop = 0;
        this.#seen = true;
        clock += 1;
        continue;
      } else if (isItem(tag) || tag === DONE) {
        this.#out.put(clock, tag === DATA ? input.headPayload : 0, tag);
        this.#leading = false;
        this.#seen = false;
      } else if (tag !== VOID) {
        throw this.unexpected(input, "an item, a stop or D");
      }
      input.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
