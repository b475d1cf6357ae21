import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, STOP } from "../token.ts";

/** The arrays of a bit-vector level: bit c of the words of fibre r says whether coordinate c is stored. */
export interface ScannedBitvector {
  readonly fibers: number;
  /** Words of fibre r: words[r * wordsPerFiber … (r + 1) * wordsPerFiber). */
  readonly words: Uint32Array;
  /** Set bits before each word; parallel to `words`. */
  readonly ranks: Int32Array;
  readonly wordsPerFiber: number;
}

/**
 * Scans a bit-vector level: for each reference the words of its fibre, one a step, each with the position of its first set
 * bit, then a stop as `LevelScanner` writes it. Input: ref. Outputs: bv, ref.
 */
export class BitvectorScanner extends Block {
  readonly #ref: Channel;
  readonly #level: ScannedBitvector;
  // Words #next … #end) of the fibre being scanned; before its stop while #ending.
  #next = 0;
  #end = 0;
  #ending = false;

  constructor(wiring: BlockWiring, level: ScannedBitvector) {
    super(wiring);
    this.#ref = wiring.inputs[0]!;
    this.#level = level;
  }

  fire(budget: number): Progress {
    const ref = this.#ref;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      const inside = this.#next < this.#end;
      if (!inside) {
        if (!ref.readable) return this.starved(clock, ref);
        clock = ref.peek(clock);
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = inside ? DATA : ref.headTag;
      if (inside) this.#writeWord(clock);
      else if (this.skips(ref, clock)) {
        clock += 1;
        continue;
      } else if (this.#ending) {
        this.#put(clock, tag >= STOP ? tag + 1 : STOP);
        if (tag >= STOP) ref.release(clock);
        this.#ending = false;
      } else if (tag === DATA || tag === EMPTY) {
        this.#enter(tag);
        ref.release(clock);
        continue;
      } else {
        if (tag >= STOP) this.#put(clock, tag + 1);
        else if (tag === DONE) this.#put(clock, DONE);
        else throw this.unexpected(ref, "a reference, a stop or D");
        ref.release(clock);
        if (tag === DONE) return this.finishAt(clock);
      }
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }

  #enter(tag: number): void {
    const { fibers, wordsPerFiber } = this.#level;
    this.#ending = true;
    if (tag === EMPTY) return;
    const reference = this.#ref.headPayload;
    if (!(reference >= 0 && reference < fibers)) throw this.outOfRange(this.#ref, "the level above", fibers);
    this.#next = reference * wordsPerFiber;
    this.#end = this.#next + wordsPerFiber;
  }

  #writeWord(clock: number): void {
    const [wordOut, refOut] = this.ports as readonly [OutPort, OutPort];
    wordOut.put(clock, this.#level.words[this.#next]!, DATA);
    refOut.put(clock, this.#level.ranks[this.#next]!, DATA);
    this.#next += 1;
    this.work += 1;
  }

  #put(clock: number, tag: number): void {
    for (const port of this.ports) port.put(clock, 0, tag);
  }
}
