import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import { DATA, DONE, STOP, VOID } from "../token.ts";
import { GrowingInt32 } from "./growing.ts";

/** Writes the coordinates of a level, one a step. Input: crd. */
export class LevelWriter extends Block {
  /** The stream without its end: coordinates as they are, the stop S(n) as -1 - n. */
  readonly written: GrowingInt32 = new GrowingInt32();
  readonly #crd: Channel;
  #afterStop = false;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#crd = wiring.inputs[0]!;
  }

  fire(budget: number): Progress {
    const crd = this.#crd;
    const { written } = this;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!crd.readable) return this.starved(clock, crd);
      clock = crd.peek(clock);
      const tag = crd.headTag;
      if (tag === DATA) {
        const coordinate = crd.headPayload;
        if (!(coordinate >= 0 && coordinate < 2 ** 31)) throw this.unexpected(crd, "a coordinate below 2^31");
        written.push(coordinate);
        this.work += 1;
      } else if (tag >= STOP) {
        written.push(-tag);
      } else if (tag !== DONE && tag !== VOID) {
        throw this.unexpected(crd, "a coordinate, a stop or D");
      }
      crd.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += tag >= STOP && this.#afterStop ? this.timing.repeatedStopCycles : 1;
      this.#afterStop = tag >= STOP;
    }
    this.clock = clock;
    return "more";
  }
}
