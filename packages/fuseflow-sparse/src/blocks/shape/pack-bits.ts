import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, STOP, VOID } from "../token.ts";

/** Coordinates that a word has bits for: payloads are exact integers up to 2^53. */
const WORD_BITS = 53;

/**
 * Packs each fibre of coordinates into a word with bit c set for coordinate c. The word leaves with the stop, the stop a
 * step later. Input: crd. Output: bv.
 */
export class PackBits extends Block {
  readonly #crd: Channel;
  readonly #out: OutPort;
  #word = 0;
  #pendingStop = 0;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#crd = wiring.inputs[0]!;
    this.#out = wiring.outputs[0]!;
  }

  fire(budget: number): Progress {
    const crd = this.#crd;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (this.#pendingStop === 0) {
        if (!crd.readable) return this.starved(clock, crd);
        clock = crd.peek(clock);
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (this.#pendingStop !== 0) {
        this.#out.put(clock, 0, this.#pendingStop);
        this.#pendingStop = 0;
        clock += 1;
        continue;
      }
      const tag = crd.headTag;
      if (tag === DATA) this.#set(crd.headPayload);
      else if (tag >= STOP) this.#write(clock, tag);
      else if (tag === DONE) this.#out.put(clock, 0, DONE);
      else if (tag !== VOID) throw this.unexpected(crd, "a coordinate, a stop or D");
      crd.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }

  // Coordinates of a fibre rise, so that each bit is added once.
  #set(coordinate: number): void {
    if (!(coordinate >= 0 && coordinate < WORD_BITS)) {
      throw this.unexpected(this.#crd, `a coordinate below ${WORD_BITS}`);
    }
    this.#word += 2 ** coordinate;
  }

  #write(clock: number, tag: number): void {
    this.#out.put(clock, this.#word, DATA);
    this.#word = 0;
    this.#pendingStop = tag;
  }
}
