import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DONE, isItem, STOP, VOID } from "../token.ts";

/**
 * Deals the items of a stream to its lanes in turn; stops and the end go to all. Input: in. Outputs: out0 …, and the record
 * of dealing: for each item the number of its lane, stops and D as they are.
 */
export class Fork extends Block {
  readonly #in: Channel;
  readonly #lanes: readonly OutPort[];
  readonly #record: OutPort;
  #lane = 0;

  constructor(wiring: BlockWiring, record: OutPort) {
    super({ ...wiring, outputs: [...wiring.outputs, record] });
    this.#in = wiring.inputs[0]!;
    this.#lanes = wiring.outputs;
    this.#record = record;
  }

  fire(budget: number): Progress {
    const input = this.#in;
    const lanes = this.#lanes;
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
        lanes[this.#lane]!.put(clock, input.headPayload, tag);
        this.#record.put(clock, this.#lane, tag);
        this.#lane = (this.#lane + 1) % lanes.length;
      } else if (tag >= STOP || tag === DONE) {
        for (const lane of lanes) lane.put(clock, 0, tag);
        this.#record.put(clock, 0, tag);
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
