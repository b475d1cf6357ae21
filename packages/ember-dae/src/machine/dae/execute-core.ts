/** The core: empties parts of the queue, each in the time that its events cost. */
import { type Channel, Node, type Progress } from "@millrace/sim-core";
import { NumberList } from "../access/number-list.ts";

/** Takes parts from the queue until it ends. */
export class ExecuteCore extends Node {
  /** When each part was there, and when it was emptied. */
  readonly fullAt: NumberList = new NumberList();
  readonly freeAt: NumberList = new NumberList();
  readonly #parts: Channel;
  // Thousandths of cycles of work that do not make a cycle yet.
  #rest = 0;

  constructor(parts: Channel) {
    super("core", [parts], []);
    this.#parts = parts;
  }

  fire(budget: number): Progress {
    const parts = this.#parts;
    for (let left = budget; left > 0 && parts.readable; left--) {
      this.fullAt.push(parts.headTime);
      this.clock = parts.peek(this.clock);
      this.#rest += parts.headPayload;
      const cycles = Math.floor(this.#rest / 1000);
      this.#rest -= 1000 * cycles;
      this.clock += cycles;
      this.freeAt.push(this.clock);
      parts.release(this.clock);
    }
    if (parts.ended) return this.finish();
    return parts.readable ? "more" : this.waitFor(parts);
  }
}
