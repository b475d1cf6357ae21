import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, STOP, VOID } from "../token.ts";

/**
 * Splits a level into chunks of `width` coordinates: the outer stream has the numbers of the chunks that hold anything, the
 * inner one the coordinates, a fibre for each chunk. A stop between two chunks takes a step. Input: crd. Outputs: outer, inner.
 */
export class Split extends Block {
  readonly #crd: Channel;
  readonly #outerOut: OutPort;
  readonly #innerOut: OutPort;
  readonly #width: number;
  // Number of the chunk whose inner fibre is open, -1 for none.
  #chunk = -1;

  constructor(wiring: BlockWiring, width: number) {
    super(wiring);
    this.#crd = wiring.inputs[0]!;
    this.#outerOut = wiring.outputs[0]!;
    this.#innerOut = wiring.outputs[1]!;
    this.#width = width;
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
      const chunk = Math.floor(crd.headPayload / this.#width);
      if (tag === DATA && this.#chunk >= 0 && chunk !== this.#chunk) {
        this.#innerOut.put(clock, 0, STOP);
        this.#chunk = -1;
        clock += 1;
        continue;
      }
      if (tag === DATA) {
        if (this.#chunk < 0) this.#outerOut.put(clock, chunk, DATA);
        this.#innerOut.put(clock, crd.headPayload, DATA);
        this.#chunk = chunk;
      } else if (tag >= STOP || tag === DONE) {
        this.#outerOut.put(clock, 0, tag);
        this.#innerOut.put(clock, 0, tag === DONE ? DONE : tag + 1);
        this.#chunk = -1;
      } else if (tag !== VOID) {
        throw this.unexpected(crd, "a coordinate, a stop or D");
      }
      crd.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }
}
