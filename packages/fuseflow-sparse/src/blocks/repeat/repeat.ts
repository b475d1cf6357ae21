import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, REPEAT, STOP, VOID } from "../token.ts";

/** Where a repeater is: without an item, holding one, before the stop that ends its repetitions. */
const TAKE = 0;
const HOLD = 1;
const END = 2;

/**
 * Repeats each item of a stream once per `R` of a signal. An `S` ends the repetitions: S0, or one above the stop that
 * follows the item (which is taken in). A stop that follows no item takes an `S` of its own. Inputs: ref (or val),
 * repsig. Output: ref (or val).
 */
export class Repeat extends Block {
  readonly #items: Channel;
  readonly #signal: Channel;
  readonly #out: OutPort;
  #phase = TAKE;
  // The token held: an item, a stop or D.
  #payload = 0;
  #tag = DATA;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#items = wiring.inputs[0]!;
    this.#signal = wiring.inputs[1]!;
    this.#out = wiring.outputs[0]!;
  }

  fire(budget: number): Progress {
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      const input = this.#phase === HOLD ? this.#signal : this.#items;
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = input.headTag;
      if (tag === VOID && this.#phase !== HOLD) {
        // No item: what ends the repetitions, or is to be repeated next, comes behind it.
        input.release(clock);
        clock += 1;
      } else if (this.#phase === TAKE) {
        clock = this.#take(clock, tag);
      } else if (this.#phase === END) {
        this.#out.put(clock, 0, tag >= STOP ? tag + 1 : STOP);
        if (tag >= STOP) input.release(clock);
        this.#phase = TAKE;
        clock += 1;
      } else if (tag === VOID || (tag === REPEAT && isItem(this.#tag))) {
        this.#out.put(clock, this.#payload, tag === VOID ? VOID : this.#tag);
        input.release(clock);
        clock += 1;
      } else if (tag >= STOP && this.#tag !== DONE) {
        clock = this.#endRepetitions(clock);
      } else if (tag === DONE && this.#tag === DONE) {
        this.#out.put(clock, 0, DONE);
        input.release(clock);
        return this.finishAt(clock);
      } else {
        throw this.unexpected(input, this.#expected());
      }
    }
    this.clock = clock;
    return "more";
  }

  override held(visit: (payload: number) => void): void {
    visit(this.#payload);
  }

  #take(clock: number, tag: number): number {
    const items = this.#items;
    this.#payload = items.headPayload;
    this.#tag = tag;
    items.release(clock);
    this.#phase = HOLD;
    return clock;
  }

  // Takes the S in. After an item the stop depends on what follows it, at the same time if that is there.
  #endRepetitions(clock: number): number {
    this.#signal.release(clock);
    if (isItem(this.#tag)) {
      this.#phase = END;
      return clock;
    }
    this.#out.put(clock, 0, this.#tag + 1);
    this.#phase = TAKE;
    return clock + 1;
  }

  #expected(): string {
    if (isItem(this.#tag)) return "R or S (an item is to be repeated)";
    return this.#tag === DONE ? "D (the repeated stream has ended)" : "S (the repeated stream is at a stop)";
  }
}
