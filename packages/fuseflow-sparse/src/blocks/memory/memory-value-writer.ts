import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import { DONE, isItem, STOP, VOID } from "../token.ts";
import { GrowingFloat64 } from "../write/growing.ts";
import type { MemoryAccess } from "./access.ts";

/** What `ValueWriter` does, with the array in memory: it waits for each value to be written. */
export class MemoryValueWriter extends Block {
  readonly written: GrowingFloat64 = new GrowingFloat64();
  readonly #val: Channel;
  readonly #access: MemoryAccess;
  #waiting = false;

  constructor(wiring: BlockWiring, access: MemoryAccess) {
    super(wiring, [access]);
    this.#val = wiring.inputs[0]!;
    this.#access = access;
  }

  override held(visit: (payload: number) => void): void {
    for (const payload of this.written.view()) visit(payload);
  }

  fire(budget: number): Progress {
    const val = this.#val;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      const input = this.#waiting ? this.#access.response : val;
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
      if (this.#waiting) {
        this.#access.take(clock);
        this.#waiting = false;
        clock += 1;
        continue;
      }
      const tag = val.headTag;
      if (!isItem(tag) && tag < STOP && tag !== DONE && tag !== VOID)
        throw this.unexpected(val, "a value, a stop or D");
      if (isItem(tag)) {
        this.#access.ask(clock, this.written.length, 1);
        this.#waiting = true;
        this.written.push(val.headPayload);
        this.work += 1;
      }
      val.release(clock);
      if (tag === DONE) return this.finishAt(clock + this.timing.valueEndCycles);
      if (!isItem(tag)) clock += this.timing.valueStopCycles;
    }
    this.clock = clock;
    return "more";
  }
}
