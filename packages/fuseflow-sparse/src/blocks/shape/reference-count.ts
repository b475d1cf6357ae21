import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, STOP, VOID } from "../token.ts";

/** Numbers the coordinates of a stream 0, 1, 2 …: references into a level that will be stored from it. Input: crd. Output: ref. */
export class ReferenceCount extends Block {
  readonly #crd: Channel;
  readonly #out: OutPort;
  #count = 0;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#crd = wiring.inputs[0]!;
    this.#out = wiring.outputs[0]!;
  }

  fire(budget: number): Progress {
    const crd = this.#crd;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!crd.readable) return this.starved(clock, crd);
      clock = crd.peek(clock);
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = crd.headTag;
      if (tag === DATA) this.#out.put(clock, this.#count++, DATA);
      else if (tag >= STOP || tag === DONE) this.#out.put(clock, 0, tag);
      else if (tag !== VOID) throw this.unexpected(crd, "a coordinate, a stop or D");
      crd.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
