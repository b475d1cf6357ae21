import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DONE, isItem, STOP } from "../token.ts";

/** What a join does next: learn what was dealt, copy what a lane made of an item, take the stops or ends of the other lanes. */
const DEALT = 0;
const COPY = 1;
const CLOSE = 2;

/**
 * Puts the lanes of a fork together again, in the order of dealing. Each lane has made a tree of `depth` levels of each of
 * its items (0: one token). A lane ends its last item with a raised stop while others may have more; the stop is passed on
 * as that of the last item dealt. A lane without items has only that stop. Inputs: in0 …, the record of dealing. Output: out.
 */
export class LaneJoin extends Block {
  readonly #lanes: readonly Channel[];
  readonly #record: Channel;
  readonly #out: OutPort;
  readonly #depth: number;
  // Per lane, the tag of the stop that ended its last item in the fork's current fibre, above `depth`; 0 if none was raised.
  readonly #raised: Int32Array;
  #phase = DEALT;
  #lane = 0;
  // Tag of the fork's stop (or D) being closed.
  #closing = 0;

  /** `record` comes from the fork; it is wiring, and takes no time. */
  constructor(wiring: BlockWiring, record: Channel, depth: number) {
    const inputs = [...wiring.inputs, record];
    super({ ...wiring, inputs, inputNames: [...wiring.inputNames, "record of dealing"] });
    this.#lanes = wiring.inputs;
    this.#record = record;
    this.#out = wiring.outputs[0]!;
    this.#depth = depth;
    this.#raised = new Int32Array(wiring.inputs.length);
  }

  fire(budget: number): Progress {
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (this.#phase === DEALT) {
        if (!this.#record.readable) return this.starved(clock, this.#record);
        this.#learn(clock);
        continue;
      }
      const lane = this.#lanes[this.#lane]!;
      if (this.#phase === CLOSE && this.#raised[this.#lane]! > 0) {
        clock = this.#closeLane(clock);
        continue;
      }
      if (!lane.readable) return this.starved(clock, lane);
      // Which stop ends the item depends on what was dealt next.
      if (this.#phase === COPY && !this.#record.readable) return this.starved(clock, this.#record);
      clock = lane.peek(clock);
      if (this.skips(lane, clock)) {
        clock += 1;
        continue;
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (this.#phase === COPY) clock = this.#copy(clock, lane);
      else clock = this.#closeLane(clock);
      if (this.#phase > CLOSE) return this.finishAt(clock - 1);
    }
    this.clock = clock;
    return "more";
  }

  #learn(clock: number): void {
    const record = this.#record;
    const tag = record.headTag;
    this.#phase = isItem(tag) ? COPY : CLOSE;
    this.#lane = isItem(tag) ? record.headPayload : 0;
    this.#closing = tag;
    record.release(clock);
  }

  #copy(clock: number, lane: Channel): number {
    const tag = lane.headTag;
    const depth = this.#depth;
    const ends = depth === 0 ? isItem(tag) : tag >= depth;
    if (!isItem(tag) && (tag < STOP || (depth === 0 && !ends)))
      throw this.unexpected(lane, "what its item was made into");
    if (!ends) {
      this.#out.put(clock, lane.headPayload, tag);
      lane.release(clock);
      return clock + 1;
    }
    if (depth === 0) this.#out.put(clock, lane.headPayload, tag);
    else {
      if (this.#raised[this.#lane]! > 0) throw this.unexpected(lane, "nothing more in this fibre");
      this.#raised[this.#lane] = tag - depth;
    }
    lane.release(clock);
    this.#phase = DEALT;
    const next = this.#record.headTag;
    if (depth === 0 || isItem(next)) {
      if (depth > 0) this.#out.put(clock, 0, depth);
      return clock + 1;
    }
    // The last item of the fork's fibre: its stop is the fibre's.
    if (next !== tag - depth) throw this.tagMismatch(lane, tag, this.#record, next);
    this.#learn(clock);
    return clock;
  }

  // Takes the end of one lane in; with the last lane's the fork's stop or D is written.
  #closeLane(clock: number): number {
    const k = this.#lane;
    const lane = this.#lanes[k]!;
    const expected = this.#closing === DONE ? DONE : this.#closing + this.#depth;
    const raised = this.#raised[k]!;
    if (raised === 0) {
      if (lane.headTag !== expected) throw this.tagMismatch(lane, lane.headTag, this.#record, this.#closing);
      lane.release(clock);
    } else if (raised !== this.#closing) {
      throw this.tagMismatch(lane, raised + this.#depth, this.#record, this.#closing);
    }
    this.#raised[k] = 0;
    this.#lane = k + 1;
    // Ends are taken in a step each, stops of lanes without items beside a stop that is written.
    if (this.#lane < this.#lanes.length) return this.#closing === DONE ? clock + 1 : clock;
    this.#out.put(clock, 0, expected);
    this.#phase = this.#closing === DONE ? CLOSE + 1 : DEALT;
    return clock + 1;
  }
}
