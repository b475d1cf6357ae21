import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, STOP, VOID } from "../token.ts";

/** Reads the value at each reference; a missing reference reads 0, stops pass. Input: ref. Output: val. */
export class ArrayLoad extends Block {
  readonly #ref: Channel;
  readonly #out: OutPort;
  readonly #values: Float64Array;

  constructor(wiring: BlockWiring, values: Float64Array) {
    super(wiring);
    this.#ref = wiring.inputs[0]!;
    this.#out = wiring.outputs[0]!;
    this.#values = values;
  }

  fire(budget: number): Progress {
    const ref = this.#ref;
    const output = this.#out;
    const values = this.#values;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!ref.readable) return this.starved(clock, ref);
      clock = ref.peek(clock);
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = ref.headTag;
      if (tag === DATA) {
        const reference = ref.headPayload;
        if (!(reference >= 0 && reference < values.length))
          throw this.outOfRange(ref, "the value array", values.length);
        output.putValue(clock, values, reference);
        this.work += 1;
      } else if (tag === EMPTY) {
        output.put(clock, 0, this.timing.keepsMissing ? EMPTY : DATA);
      } else if (tag >= STOP || tag === DONE || tag === VOID) {
        output.put(clock, 0, tag);
        if (tag === DONE) {
          ref.release(clock);
          return this.finishAt(clock);
        }
      } else {
        throw this.unexpected(ref, "a reference, a stop or D");
      }
      ref.release(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
