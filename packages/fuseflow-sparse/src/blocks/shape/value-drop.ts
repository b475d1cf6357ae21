import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, STOP, VOID } from "../token.ts";

/** Takes out the coordinates whose value is 0, with their values. Inputs: crd, val. Outputs: crd, val. */
export class ValueDrop extends Block {
  readonly #crd: Channel;
  readonly #val: Channel;
  readonly #crdOut: OutPort;
  readonly #valOut: OutPort;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#crd = wiring.inputs[0]!;
    this.#val = wiring.inputs[1]!;
    this.#crdOut = wiring.outputs[0]!;
    this.#valOut = wiring.outputs[1]!;
  }

  fire(budget: number): Progress {
    const crd = this.#crd;
    const val = this.#val;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!crd.readable) return this.starved(clock, crd);
      if (!val.readable) return this.starved(clock, val);
      clock = val.peek(crd.peek(clock));
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = crd.headTag;
      if (tag === DATA ? !isItem(val.headTag) : val.headTag !== tag) throw this.mismatch(crd, val);
      if (tag < STOP && tag !== DATA && tag !== DONE && tag !== VOID)
        throw this.unexpected(crd, "a coordinate, a stop or D");
      const keeps = tag === DATA ? val.headTag === DATA && val.headPayload !== 0 : tag !== VOID;
      if (keeps) {
        this.#crdOut.put(clock, crd.headPayload, tag);
        this.#valOut.put(clock, val.headPayload, tag);
      }
      crd.release(clock);
      val.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
