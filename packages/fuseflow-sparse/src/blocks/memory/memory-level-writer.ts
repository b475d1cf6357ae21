import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import { DATA, DONE, STOP, VOID } from "../token.ts";
import { GrowingInt32 } from "../write/growing.ts";
import { BATCH, type MemoryAccess } from "./access.ts";

/**
 * What `LevelWriter` does, with its arrays in memory: coordinates are written as they come, and the block waits for all of
 * a batch; the position that ends a fibre is written without waiting.
 */
export class MemoryLevelWriter extends Block {
  readonly written: GrowingInt32 = new GrowingInt32();
  readonly #crd: Channel;
  readonly #positionAccess: MemoryAccess;
  readonly #coordinateAccess: MemoryAccess;
  #afterStop = false;
  #positions = 0;
  // Coordinates under way to memory, and whether the block waits for them.
  #underWay = 0;
  #waiting = false;

  /** `memory` gives access to the positions and to the coordinates. */
  constructor(wiring: BlockWiring, memory: readonly [MemoryAccess, MemoryAccess]) {
    super(wiring, memory);
    this.#crd = wiring.inputs[0]!;
    [this.#positionAccess, this.#coordinateAccess] = memory;
  }

  fire(budget: number): Progress {
    const crd = this.#crd;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      const input = this.#waiting ? this.#coordinateAccess.response : crd;
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
      if (this.#waiting) {
        this.#coordinateAccess.take(clock);
        this.#underWay -= 1;
        this.#waiting = this.#underWay > 0;
        continue;
      }
      const tag = crd.headTag;
      if (tag !== DATA && tag < STOP && tag !== DONE && tag !== VOID)
        throw this.unexpected(crd, "a coordinate, a stop or D");
      if (tag === DATA) this.#writeCoordinate(clock);
      else if (tag >= STOP) this.#writeStop(clock, tag);
      crd.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += tag >= STOP && this.#afterStop ? this.timing.repeatedStopCycles : 1;
      this.#afterStop = tag >= STOP;
    }
    this.clock = clock;
    return "more";
  }

  #writeCoordinate(clock: number): void {
    const coordinate = this.#crd.headPayload;
    if (!(coordinate >= 0 && coordinate < 2 ** 31)) throw this.unexpected(this.#crd, "a coordinate below 2^31");
    this.#coordinateAccess.ask(clock, this.work, 1);
    this.#underWay += 1;
    this.#waiting = this.#underWay === BATCH;
    this.written.push(coordinate);
    this.work += 1;
  }

  #writeStop(clock: number, tag: number): void {
    this.written.push(-tag);
    if (this.#afterStop) return;
    this.#positionAccess.ask(clock, this.#positions, 1);
    this.#positions += 1;
  }
}
