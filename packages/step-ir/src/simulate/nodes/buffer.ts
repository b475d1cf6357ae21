/** Timed bufferize and streamify: one cycle per tile. */
import { expectKnownGroup, outermost } from "../../program/rules.ts";
import { rankOf } from "../../stream/shape.ts";
import type { Site } from "../machine.ts";
import { bareTag, isBare, stopOf, valueTag, withStop } from "../slot-tag.ts";
import { TimedNode } from "../timed-node.ts";

const firstInput: readonly number[] = [0];
const bothInputs: readonly number[] = [0, 1];

/** Collects tiles. */
export class TimedBufferize extends TimedNode {
  readonly #site: Site;
  readonly #rank: number;
  // Payload and tag of what is collected, in turn.
  #held: number[] = [];
  #before = outermost;

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.#site = site;
    this.#rank = site.node.attributes.number("rank");
  }

  protected awaits(): readonly number[] {
    return firstInput;
  }

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    const stop = stopOf(headTag);
    if (isBare(headTag)) expectKnownGroup(this.#site.node, this.#rank, stop, this.#before);
    this.#before = stop;
    this.clock += 1;
    const ends = stop >= this.#rank;
    if (!ends || !isBare(headTag)) this.#held.push(headPayload, ends ? withStop(headTag, 0) : headTag);
    if (ends) {
      this.write(0, this.#site.pool.list(this.#held), valueTag(stop - this.#rank));
      this.#held = [];
    }
    this.free(0);
  }

  protected end(): void {}
}

/** Reads buffers back, in order or affinely, as often as it is told or per reference element. */
export class TimedStreamify extends TimedNode {
  readonly #site: Site;
  readonly #repeat: readonly number[];
  readonly #shape: readonly number[];
  readonly #stride: readonly number[];
  readonly #inner: number;

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    const { attributes, inputs, outputs } = site.node;
    this.#site = site;
    this.#repeat = attributes.integers("repeat");
    this.#shape = attributes.integers("shape");
    this.#stride = attributes.integers("stride");
    const outside = inputs[1]?.shape.length ?? inputs[0]!.shape.length + this.#repeat.length;
    this.#inner = rankOf(outputs[0]!.shape) + 1 - outside;
  }

  protected awaits(): readonly number[] {
    return this.inputs.length === 2 ? bothInputs : firstInput;
  }

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    if (this.inputs.length === 2) {
      const reference = this.input(1).headTag;
      if (isBare(reference) || isBare(headTag)) this.write(0, 0, bareTag(stopOf(reference) + this.#inner));
      else this.#read(headPayload, stopOf(reference));
      this.free(1);
      if (stopOf(reference) > this.#site.node.attributes.number("rank")) this.free(0);
      return;
    }
    const outer = stopOf(headTag) + this.#repeat.length;
    if (isBare(headTag)) this.write(0, 0, bareTag(outer + this.#inner));
    else {
      const times = this.#repeat.reduce((product, count) => product * count, 1);
      for (let time = 1; time <= times; time++) {
        this.#read(headPayload, time === times ? outer : endedDimensions(time, this.#repeat));
      }
    }
    this.free(0);
  }

  #read(buffer: number, stop: number): void {
    const held = this.#site.pool.listOf(buffer);
    if (this.#shape.length > 0) {
      const tiles = held.filter((_, place) => place % 2 === 0 && !isBare(held[place + 1]!));
      const count = this.#shape.reduce((product, size) => product * size, 1);
      for (let at = 0; at < count; at++) {
        const ended = endedDimensions(at + 1, this.#shape);
        this.write(0, tiles[this.#index(at)]!, valueTag(at === count - 1 ? ended + stop : ended, true), 1);
      }
      return;
    }
    const last = held.length - 2;
    for (let place = 0; place <= last; place += 2) {
      const closes = place === last && stopOf(held[place + 1]!) === 0;
      const tag = held[place + 1]!;
      const level = closes ? this.#inner + stop : stopOf(tag);
      this.write(0, held[place]!, isBare(tag) ? bareTag(level) : valueTag(level, true), 1);
    }
    if (last < 0 || stopOf(held[last + 1]!) > 0) this.write(0, 0, bareTag(this.#inner + stop));
  }

  #index(at: number): number {
    let rest = at;
    let index = 0;
    for (let dimension = this.#shape.length - 1; dimension >= 0; dimension--) {
      index += (rest % this.#shape[dimension]!) * this.#stride[dimension]!;
      rest = Math.floor(rest / this.#shape[dimension]!);
    }
    return index;
  }

  protected end(): void {}
}

/** How many of the inner dimensions end with element number `count` of an array of these sizes. */
function endedDimensions(count: number, sizes: readonly number[]): number {
  let ended = 0;
  let size = 1;
  while (ended < sizes.length && count % (size * sizes[sizes.length - 1 - ended]!) === 0) {
    size *= sizes[sizes.length - 1 - ended]!;
    ended += 1;
  }
  return ended;
}
