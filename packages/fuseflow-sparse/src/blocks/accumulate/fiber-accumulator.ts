import type { Channel, Progress } from "@millrace/sim-core";
import type { TileSum } from "../../tiles/sum-tiles.ts";
import { Block, type BlockWiring } from "../block.ts";
import { DATA, DONE, isItem, STOP } from "../token.ts";
import { SortedSums } from "./sorted-sums.ts";
import { TreeWriter } from "./tree-writer.ts";

/** Where an accumulator is: taking tokens in, taking the outer stops of an innermost one, writing sums, looking ahead. */
const TAKE = 0;
const CLIMB = 1;
const FLUSH = 2;
const LOOK_AHEAD = 3;

/**
 * Sums fibre trees of `order` levels over a loop around them: when a fibre of the loop's coordinates ends, gives the tree
 * of the sums, in rising order. Inputs: crd0 (innermost) … crd(order - 1), crd(order) (the loop's), val. Outputs: crd0 …
 * crd(order - 1), val.
 *
 * A step takes one value, or one innermost stop with the coordinates whose fibres it ends and the stops that follow
 * these, or the loop's stop, in which all sums leave. An empty fibre of the loop has an innermost stop of its own; if the
 * next fibre is such a one, its stop is taken in ahead, with the loop's stop before it.
 */
export class FiberAccumulator extends Block {
  readonly #order: number;
  // Coordinate inputs, innermost first; the last is the loop's.
  readonly #crd: readonly Channel[];
  readonly #inner: Channel;
  readonly #loop: Channel;
  readonly #val: Channel;
  readonly #sums: SortedSums;
  readonly #point: Int32Array;
  readonly #tree: TreeWriter;
  // Whether sums are written while the next are taken in, as SAM's accumulators do; they then have a time of their own.
  readonly #apart: boolean;
  #phase = TAKE;
  #writeClock = 0;
  // Of the innermost stop being taken in: its tag, and the level whose turn it is.
  #stop = 0;
  #level = 0;
  #tookCoordinate = false;
  // Whether the loop's current fibre has had its innermost stop, and the tag of that stop.
  #settled = false;
  #settledStop = 0;
  // Tag of the innermost stop that was the oldest token when the loop's stop came, 0 for none.
  #ahead = 0;

  /** With `tiles`, values are numbers of tiles. */
  constructor(wiring: BlockWiring, order: number, tiles: TileSum | null = null) {
    super(wiring);
    this.#order = order;
    this.#apart = this.timing.flushCycles > 0;
    this.#crd = wiring.inputs.slice(0, order + 1);
    this.#inner = wiring.inputs[0]!;
    this.#loop = wiring.inputs[order]!;
    this.#val = wiring.inputs[order + 1]!;
    this.#sums = new SortedSums(order, tiles);
    this.#point = new Int32Array(order);
    this.#tree = new TreeWriter(this.ports, this.#sums);
  }

  fire(budget: number): Progress {
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (this.#phase === TAKE) {
        const { inputs } = this;
        for (let i = 0; i < inputs.length; i++) {
          const input = inputs[i]!;
          if (!input.readable) return this.starved(clock, input);
          clock = input.peek(clock);
          if (!this.skips(input, clock)) continue;
          clock += 1;
          i -= 1;
        }
      } else if (this.#phase !== FLUSH) {
        const input = this.#phase === LOOK_AHEAD ? this.#loop : this.#crd[this.#level]!;
        if (!input.readable) return this.starved(clock, input);
        clock = input.peek(clock);
        if (this.skips(input, clock)) {
          clock += 1;
          continue;
        }
      }
      if (this.#phase === FLUSH) {
        const time = this.#roomToWrite(clock);
        if (time < 0) return this.blocked();
        clock = this.#flush(clock, time);
        continue;
      }
      if (this.stalls && !this.#apart) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (this.#phase === CLIMB) clock = this.#climb(clock);
      else if (this.#phase === LOOK_AHEAD) clock = this.#lookAhead(clock);
      else {
        const tag = this.#loop.headTag;
        if (tag === DATA) clock = this.#take(clock);
        else if (tag >= STOP) clock = this.#endFiber(clock, tag);
        else if (tag === DONE) {
          this.#writeClock = Math.max(this.#writeClock, clock);
          const time = this.#apart ? this.#roomToWrite(clock) : clock;
          if (time < 0) return this.blocked();
          this.#finish(time);
          return this.finishAt(time);
        } else throw this.unexpected(this.#loop, "a coordinate, a stop or D");
      }
    }
    this.clock = clock;
    return "more";
  }

  override held(visit: (payload: number) => void): void {
    this.#sums.held(visit);
  }

  #take(clock: number): number {
    const inner = this.#inner;
    const val = this.#val;
    const tag = inner.headTag;
    if (tag === DATA ? !isItem(val.headTag) : val.headTag !== tag) throw this.mismatch(inner, val);
    if (tag !== DATA) {
      if (tag < STOP) throw this.mismatch(inner, this.#loop);
      return this.#takeStop(clock, tag);
    }
    if (this.#order === 1) {
      this.#sums.addAt(inner.headPayload, val.headPayload);
    } else {
      for (let k = 0; k < this.#order; k++) {
        const crd = this.#crd[k]!;
        if (crd.headTag !== DATA) throw this.mismatch(inner, crd);
        this.#point[k] = crd.headPayload;
      }
      this.#sums.add(this.#point, val.headPayload);
    }
    this.work += 1;
    inner.release(clock);
    val.release(clock);
    return clock + 1;
  }

  #takeStop(clock: number, tag: number): number {
    if (this.#settled && this.#settledStop > this.#order) {
      throw this.tagMismatch(this.#inner, this.#settledStop, this.#loop, DATA);
    }
    this.#inner.release(clock);
    this.#val.release(clock);
    this.#settled = true;
    this.#settledStop = tag;
    this.#stop = tag;
    this.#level = 1;
    this.#phase = CLIMB;
    return clock;
  }

  // Takes the coordinate whose fibre ended in at one level, or the stop that ends the level's own fibre.
  #climb(clock: number): number {
    const level = this.#level;
    const crd = this.#crd[level]!;
    const ownStop = this.#stop - level;
    const isLoop = level === this.#order;
    if (crd.headTag === DATA && !this.#tookCoordinate) {
      crd.release(clock);
      // The loop's own stop has a step of its own.
      this.#tookCoordinate = !isLoop && ownStop >= STOP;
      if (this.#tookCoordinate) return clock;
    } else if (crd.headTag !== ownStop) {
      throw this.tagMismatch(this.#inner, this.#stop, crd, crd.headTag);
    } else if (!isLoop) {
      crd.release(clock);
    }
    this.#level = level + 1;
    this.#tookCoordinate = false;
    if (!isLoop && ownStop >= STOP) return clock;
    this.#phase = TAKE;
    return clock + 1;
  }

  // The loop's stop: everything summed leaves.
  #endFiber(clock: number, tag: number): number {
    const innerTag = this.#inner.headTag;
    this.#ahead = 0;
    if (!this.#settled) this.#takeOwnStops(clock, tag);
    else if (this.#settledStop !== tag + this.#order) {
      throw this.tagMismatch(this.#loop, tag, this.#inner, this.#settledStop);
    } else if (innerTag >= STOP) this.#ahead = innerTag;
    this.#loop.release(clock);
    this.#settled = false;
    this.#sums.sort();
    this.#tree.start(tag);
    this.#phase = FLUSH;
    this.#writeClock = this.#apart ? Math.max(this.#writeClock, clock) : clock;
    return clock;
  }

  // When the next piece of the sums can leave, -1 while the host cannot tell; the part that takes in stays at `clock`.
  #roomToWrite(clock: number): number {
    const time = this.stalls ? this.room(this.#writeClock) : this.#writeClock;
    this.clock = clock;
    return time;
  }

  // Writes a piece of the sums at `time`; gives the time of the part that takes in, which waits for the last piece unless the
  // two have times of their own.
  #flush(clock: number, time: number): number {
    const last = this.#tree.step(time);
    this.#writeClock = time + (last ? 1 : this.timing.flushCycles);
    if (!last) return clock;
    this.#sums.clear();
    this.#phase = this.#ahead === 0 ? TAKE : LOOK_AHEAD;
    const taken = this.#apart ? clock : time;
    return this.#ahead === 0 ? taken + 1 : taken;
  }

  #lookAhead(clock: number): number {
    const tag = this.#loop.headTag;
    if (tag >= STOP && this.#ahead === tag + this.#order) {
      this.#takeOwnStops(clock, tag);
      this.#settled = true;
      this.#settledStop = this.#ahead;
    }
    this.#phase = TAKE;
    return clock + 1;
  }

  // The stops that an empty fibre of the loop has at the levels inside it.
  #takeOwnStops(clock: number, tag: number): void {
    for (let k = 0; k < this.#order; k++) {
      const crd = this.#crd[k]!;
      if (crd.headTag !== tag + this.#order - k) throw this.mismatch(this.#loop, crd);
      crd.release(clock);
    }
    if (this.#val.headTag !== tag + this.#order) throw this.mismatch(this.#loop, this.#val);
    this.#val.release(clock);
  }

  #finish(clock: number): void {
    for (const input of this.inputs) {
      if (input.headTag !== DONE) throw this.mismatch(this.#loop, input);
      input.release(clock);
    }
    for (const port of this.ports) port.put(clock, 0, DONE);
  }
}
