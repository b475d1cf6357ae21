import type { Channel, Progress } from "@millrace/sim-core";
import type { TileSum } from "../../tiles/sum-tiles.ts";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem } from "../token.ts";
import { SortedSums } from "./sorted-sums.ts";

/** What an accumulator does next: take a point in, write a sum, the stops before its point, the point, the final stops, D. */
const TAKE = 0;
const VALUE = 1;
const PART = 2;
const POINT = 3;
const LAST_STOPS = 4;
const LAST = 5;

/**
 * Sums the values of equal points and gives the points as a fibre tree in rising order. Points come as coordinate streams
 * of equal length without stops, innermost first. With one coordinate more than `order` the outermost is a loop outside
 * the sums: when it changes, what was summed leaves; otherwise all leaves at the end. Inputs and outputs: crd0 …, val.
 *
 * Three parts with times of their own, as in the global-clock simulator: one takes a point a cycle, one writes a sum a
 * cycle from the cycle on in which it is complete, one writes the coordinates and spends a cycle more on stops. Each
 * waits for room in its own outputs only.
 */
export class PointAccumulator extends Block {
  readonly #crd: readonly Channel[];
  readonly #val: Channel;
  readonly #crdOut: readonly OutPort[];
  readonly #valOut: OutPort;
  readonly #sumPorts: readonly OutPort[];
  readonly #sums: SortedSums;
  readonly #point: Int32Array;
  // The last point written, all coordinates, innermost first.
  readonly #written: Int32Array;
  // Per input, the cycle in which its last token was taken in.
  readonly #taken: Float64Array;
  readonly #grouped: boolean;
  #phase = TAKE;
  #group = -1;
  #ended = false;
  #started = false;
  #place = 0;
  #top = 0;
  // Next cycles of the two parts that write; `clock` is that of the part that takes in.
  #sumClock = 0;
  #pointClock = 0;

  /** With `tiles`, values are numbers of tiles. */
  constructor(wiring: BlockWiring, order: number, tiles: TileSum | null = null) {
    super(wiring);
    const coordinates = wiring.inputs.length - 1;
    this.#crd = wiring.inputs.slice(0, coordinates);
    this.#val = wiring.inputs[coordinates]!;
    this.#crdOut = wiring.outputs.slice(0, coordinates);
    this.#sumPorts = wiring.outputs.slice(coordinates);
    this.#valOut = wiring.outputs[coordinates]!;
    this.#sums = new SortedSums(order, tiles);
    this.#point = new Int32Array(order);
    this.#written = new Int32Array(coordinates);
    this.#taken = new Float64Array(coordinates + 1).fill(-1);
    this.#grouped = coordinates > order;
  }

  fire(budget: number): Progress {
    for (let left = budget; left > 0; left--) {
      if (this.#phase === TAKE) {
        const waiting = this.#take();
        if (waiting !== null) return waiting;
        continue;
      }
      const isSum = this.#phase === VALUE;
      let time = isSum ? this.#sumClock : this.#pointClock;
      if (this.stalls) {
        const { clock } = this;
        time = this.room(time, isSum ? this.#sumPorts : this.#crdOut);
        this.clock = clock;
        if (time < 0) return this.blocked();
      }
      if (isSum) this.#writeSum(time);
      else this.#writePoint(time);
      if (this.#phase > LAST) return this.finishAt(Math.max(this.clock - 1, time));
    }
    return "more";
  }

  override held(visit: (payload: number) => void): void {
    this.#sums.held(visit);
  }

  #take(): Progress | null {
    let { clock } = this;
    for (const input of this.inputs) {
      if (!input.readable) return this.starved(clock, input);
      clock = input.peek(clock);
    }
    const val = this.#val;
    const ended = val.headTag === DONE;
    for (const crd of this.#crd) {
      if (ended ? crd.headTag !== DONE : crd.headTag !== DATA || !isItem(val.headTag)) throw this.mismatch(crd, val);
    }
    const outer = this.#crd.at(-1)!;
    const group = this.#grouped ? outer.headPayload : 0;
    const complete = ended || (this.#grouped && this.#group >= 0 && group !== this.#group);
    if (complete) {
      this.#ended = ended;
      this.#beginWriting(clock);
    }
    if (ended || !complete) {
      if (!ended) this.#add(group);
      this.#release(clock);
      this.clock = clock + 1;
    }
    return null;
  }

  #add(group: number): void {
    const { order } = this.#sums;
    for (let k = 0; k < order; k++) this.#point[k] = this.#crd[k]!.headPayload;
    this.#sums.add(this.#point, this.#val.headPayload);
    this.#group = group;
    this.work += 1;
  }

  // Tokens leave their queues as they come, one a cycle, though a point is taken in only when all of it is there.
  #release(clock: number): void {
    for (let i = 0; i < this.inputs.length; i++) {
      const input = this.inputs[i]!;
      const taken = Math.max(this.#taken[i]! + 1, input.headTime);
      this.#taken[i] = Math.min(taken, clock);
      input.release(this.#taken[i]!);
    }
  }

  #beginWriting(clock: number): void {
    this.#sums.sort();
    this.#sumClock = Math.max(this.#sumClock, clock);
    this.#place = 0;
    this.#phase = VALUE;
  }

  #writeSum(time: number): void {
    const sums = this.#sums;
    this.#sumClock = time + 1;
    this.#pointClock = Math.max(this.#pointClock, time);
    if (this.#place < sums.count) {
      this.#valOut.put(time, sums.sum(this.#place), DATA);
      this.#top = this.#started ? this.#firstDifference() : this.#crd.length - 1;
      this.#phase = this.#started && this.#top > 0 ? PART : POINT;
    } else if (this.#ended) {
      this.#valOut.put(time, 0, DONE);
      this.#phase = LAST_STOPS;
    } else {
      this.#sumClock = time;
      sums.clear();
      this.#group = -1;
      this.#phase = TAKE;
    }
  }

  #writePoint(time: number): void {
    this.#pointClock = time + 1;
    const coordinates = this.#crdOut.length;
    switch (this.#phase) {
      case PART:
        for (let k = 0; k < this.#top; k++) this.#crdOut[k]!.put(time, 0, this.#top - k);
        break;
      case POINT:
        for (let k = this.#top; k >= 0; k--) this.#crdOut[k]!.put(time, this.#coordinate(k), DATA);
        for (let k = 0; k < coordinates; k++) this.#written[k] = this.#coordinate(k);
        this.#started = true;
        this.#place += 1;
        break;
      case LAST_STOPS:
        for (let k = 0; k < coordinates; k++) this.#crdOut[k]!.put(time, 0, coordinates - k);
        break;
      default:
        for (const port of this.#crdOut) port.put(time, 0, DONE);
    }
    this.#phase = this.#phase === POINT ? VALUE : this.#phase + 1;
  }

  #coordinate(level: number): number {
    return level < this.#sums.order ? this.#sums.coordinate(this.#place, level) : this.#group;
  }

  #firstDifference(): number {
    let level = this.#crd.length - 1;
    while (level > 0 && this.#coordinate(level) === this.#written[level]) level -= 1;
    return level;
  }
}
