import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, STOP, VOID } from "../token.ts";

/** Where a scanner is: before a reference, inside its fibre, before the stop that ends it. */
const REFERENCE = 0;
const FIBER = 1;
const FIBER_END = 2;

/** The arrays a scanner walks. */
export interface ScannedLevel {
  /** Number of fibres; references are below it. */
  readonly fibers: number;
  /** Fibre r is at positions[r] … positions[r + 1]); `null` for r * size … (r + 1) * size). */
  readonly positions: Int32Array | null;
  /** Coordinates by position; `null` if they count from 0 in every fibre. */
  readonly coordinates: Int32Array | null;
  /** Extent of the level. */
  readonly size: number;
}

/**
 * Scans a level: for each reference the coordinates of its fibre with their positions, one pair a step, then a stop. The
 * stop is S0 if another reference follows, one above the stop that follows otherwise (which is taken in). Stops that
 * follow no reference come out one higher, a missing reference is an empty fibre. Input: ref. Outputs: crd, ref.
 */
export class LevelScanner extends Block {
  /** Elements of the fibres scanned, save those scanned twice in a row. */
  distinct = 0;
  readonly #ref: Channel;
  readonly #crdOut: OutPort;
  readonly #refOut: OutPort;
  readonly #level: ScannedLevel;
  // Whether a coordinate, other than a fibre's first, waits for the next reference to be there.
  readonly #looksAhead: boolean;
  #phase = REFERENCE;
  #lastReference = -1;
  // The fibre being scanned: positions #next … #end), of which it began at #start.
  #next = 0;
  #end = 0;
  #start = 0;

  constructor(wiring: BlockWiring, level: ScannedLevel) {
    super(wiring);
    this.#ref = wiring.inputs[0]!;
    this.#crdOut = wiring.outputs[0]!;
    this.#refOut = wiring.outputs[1]!;
    this.#level = level;
    this.#looksAhead = level.positions !== null && this.timing.scansWithNext;
  }

  fire(budget: number): Progress {
    const ref = this.#ref;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (this.#phase === FIBER) {
        const looksAhead = this.#looksAhead && this.#next > this.#start;
        if (looksAhead) {
          if (!ref.readable) return this.starved(clock, ref);
          clock = ref.peek(clock);
        }
        const taken = this.#looksAhead && !looksAhead ? 1 : Math.min(left, this.#end - this.#next);
        clock = this.stalls ? this.#scanWithStalls(clock, taken) : this.#scan(clock, taken);
        if (clock < 0) return this.blocked();
        left -= taken - 1;
        if (this.#next === this.#end) this.#phase = FIBER_END;
        continue;
      }
      if (!ref.readable) return this.starved(clock, ref);
      clock = ref.peek(clock);
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = ref.headTag;
      if (this.#phase === FIBER_END && tag === VOID) {
        // Not a reference: what ends the fibre comes behind it.
        ref.release(clock);
        clock += 1;
      } else if (this.#phase === FIBER_END) {
        this.#put(clock, 0, tag >= STOP ? tag + 1 : STOP);
        if (tag >= STOP) ref.release(clock);
        this.#phase = REFERENCE;
        clock += 1;
      } else if (tag === DATA) {
        this.#enter(ref.headPayload);
        ref.release(clock);
      } else if (tag === DONE) {
        this.#put(clock, 0, DONE);
        ref.release(clock);
        return this.finishAt(clock);
      } else if (tag === EMPTY) {
        // An empty fibre; some profiles spend a step on it.
        if (this.timing.scansMissing) this.#put(clock, 0, VOID);
        ref.release(clock);
        this.#phase = FIBER_END;
        if (this.timing.scansMissing) clock += 1;
      } else {
        if (tag >= STOP) this.#put(clock, 0, tag + 1);
        else if (tag !== VOID) throw this.unexpected(ref, "a reference, a stop or D");
        ref.release(clock);
        clock += 1;
      }
    }
    this.clock = clock;
    return "more";
  }

  #scan(clock: number, count: number): number {
    const { coordinates } = this.#level;
    const crdOut = this.#crdOut;
    const refOut = this.#refOut;
    const start = this.#start;
    const stop = this.#next + count;
    let time = clock;
    for (let position = this.#next; position < stop; position++) {
      crdOut.put(time, coordinates === null ? position - start : coordinates[position]!, DATA);
      refOut.put(time, position, DATA);
      time += 1;
    }
    this.#next = stop;
    this.work += count;
    return time;
  }

  #scanWithStalls(clock: number, count: number): number {
    let time = clock;
    for (let done = 0; done < count; done++) {
      time = this.room(time);
      if (time < 0) return -1;
      time = this.#scan(time, 1);
    }
    return time;
  }

  #enter(reference: number): void {
    const { fibers, positions, size } = this.#level;
    if (!(reference >= 0 && reference < fibers && Number.isInteger(reference))) {
      throw this.outOfRange(this.#ref, "the level above", fibers);
    }
    this.#start = positions === null ? reference * size : positions[reference]!;
    this.#next = this.#start;
    this.#end = positions === null ? this.#start + size : positions[reference + 1]!;
    this.#phase = this.#next < this.#end ? FIBER : FIBER_END;
    if (reference !== this.#lastReference) this.distinct += this.#end - this.#next;
    this.#lastReference = reference;
  }

  #put(clock: number, payload: number, tag: number): void {
    this.#crdOut.put(clock, payload, tag);
    this.#refOut.put(clock, payload, tag);
  }
}
