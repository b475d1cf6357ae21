import { OrderedNode, type Progress } from "@millrace/sim-core";
import { rankOf } from "../../stream/shape.ts";
import type { Site } from "../machine.ts";
import { stopOf, valueTag } from "../slot-tag.ts";
import type { StreamCount } from "../stream-count.ts";

/** Merges groups in the order in which they arrive, ties from the lowest input on; one cycle between elements of a group. */
export class TimedEagerMerge extends OrderedNode {
  /** What the outputs have carried. */
  counts: readonly StreamCount[] = [];
  readonly #site: Site;
  readonly #rank: number;
  readonly #order: number[] = [];
  // The input whose group is under way, or -1.
  #current = -1;

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.#site = site;
    this.#rank = rankOf(site.node.inputs[0]!.shape);
    site.tally.orders.set(site.node.id, this.#order);
  }

  override nextTime(): number {
    if (this.finished) return Number.POSITIVE_INFINITY;
    if (!this.outputs.every((output) => output.writable)) return Number.POSITIVE_INFINITY;
    const next = this.#current >= 0 ? this.#current : this.#earliest();
    if (next >= 0 && this.inputs[next]!.readable) return Math.max(this.clock, this.inputs[next]!.headTime);
    return this.inputs.every((input) => input.ended) ? this.clock : Number.POSITIVE_INFINITY;
  }

  override fire(until: number): Progress {
    for (;;) {
      const time = this.nextTime();
      if (time > until || time === Number.POSITIVE_INFINITY) return this.waitFor();
      if (this.#current < 0) {
        const next = this.#earliest();
        if (next < 0) return this.finish();
        this.#begin(next);
      }
      this.#copy();
    }
  }

  /** The input whose head arrived first; -1 if there is none. */
  #earliest(): number {
    let earliest = -1;
    let time = Number.POSITIVE_INFINITY;
    for (const [port, input] of this.inputs.entries()) {
      if (input.readable && input.headTime < time) {
        time = input.headTime;
        earliest = port;
      }
    }
    return earliest;
  }

  #begin(port: number): void {
    this.#current = port;
    this.#order.push(port);
    const [, selector] = this.outputs;
    this.clock = selector!.reserve(this.inputs[port]!.peek(this.clock));
    selector!.put(this.clock, this.#site.pool.selector([port]), valueTag(0));
    this.counts[1]?.add(valueTag(0));
  }

  #copy(): void {
    const input = this.inputs[this.#current]!;
    const [output] = this.outputs;
    this.clock = input.peek(this.clock);
    const { headPayload, headTag } = input;
    input.release(this.clock);
    this.clock = output!.reserve(this.clock);
    output!.put(this.clock, headPayload, headTag);
    this.counts[0]?.add(headTag);
    if (stopOf(headTag) >= this.#rank) this.#current = -1;
    else this.clock += 1;
  }
}
