import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import { DATA, DONE, STOP, VOID } from "../token.ts";
import { GrowingInt32 } from "./growing.ts";

/** Coordinates from one word of a fibre to the next: what a bit-vector level stores in a word. */
const WORD_STEP = 32;

/**
 * Writes a level from words of bits, one a step: bit b of the nth word of a fibre is coordinate 32 n + b. A word that is
 * alone in its fibre, as `PackBits` makes it, may have more bits. Input: bv.
 */
export class WordWriter extends Block {
  /** As `LevelWriter` keeps it: coordinates as they are, the stop S(n) as -1 - n. */
  readonly written: GrowingInt32 = new GrowingInt32();
  readonly #words: Channel;
  // Coordinate of the first bit of the next word.
  #first = 0;
  #afterStop = false;

  constructor(wiring: BlockWiring) {
    super(wiring);
    this.#words = wiring.inputs[0]!;
  }

  fire(budget: number): Progress {
    const words = this.#words;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!words.readable) return this.starved(clock, words);
      clock = words.peek(clock);
      const tag = words.headTag;
      if (tag === DATA) this.#write(words.headPayload);
      else if (tag >= STOP) {
        this.written.push(-tag);
        this.#first = 0;
      } else if (tag !== DONE && tag !== VOID) {
        throw this.unexpected(words, "a word, a stop or D");
      }
      words.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += tag >= STOP && this.#afterStop ? this.timing.repeatedStopCycles : 1;
      this.#afterStop = tag >= STOP;
    }
    this.clock = clock;
    return "more";
  }

  // Words have up to 53 bits, so they are taken apart by arithmetic.
  #write(word: number): void {
    let coordinate = this.#first;
    for (let rest = word; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) {
        this.written.push(coordinate);
        this.work += 1;
      }
      coordinate += 1;
    }
    this.#first += WORD_STEP;
  }
}
