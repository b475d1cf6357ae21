import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DONE, isItem, STOP, VOID } from "../token.ts";

/**
 * Deals the items of a stream to its lanes, in turn or as `deal` says; stops and the end go to all. Input: in. Outputs: out0 …, and the record
 * of dealing: for each item the number of its lane, stops and D as they are.
 */
export class Fork extends Block {
  readonly #in: Channel;
  readonly #lanes: readonly OutPort[];
  readonly #record: OutPort;
  // Lane of the nth item, over and over.
  readonly #deal: Int32Array;
  #turn = 0;

  constructor(wiring: BlockWiring, record: OutPort, deal?: readonly number[]) {
    super({ ...wiring, outputs: [...wiring.outputs, record] });
    this.#in = wiring.inputs[0]!;
    this.#lanes = wiring.outputs;
    this.#record = record;
    this.#deal = Int32Array.from(deal !== undefined && deal.length > 0 ? deal : wiring.outputs.keys());
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
        const lane = this.#deal[this.#turn]!;
        lanes[lane]!.put(clock, input.headPayload, tag);
        this.#record.put(clock, lane, tag);
        this.#turn = this.#turn + 1 === this.#deal.length ? 0 : this.#turn + 1;
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
