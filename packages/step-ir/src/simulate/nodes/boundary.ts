/** Timed sources and sinks. */
import type { Slot } from "../../stream/fused-tokens.ts";
import type { Value } from "../../stream/value.ts";
import type { Site } from "../machine.ts";
import { isBare, stopOf } from "../slot-tag.ts";
import { TimedNode } from "../timed-node.ts";

/** Writes the slots of a source, one per cycle. */
export class TimedSource extends TimedNode {
  readonly #payloads: readonly number[];
  readonly #tags: readonly number[];
  #next = 0;

  /** `payloads` and `tags` are parallel. */
  constructor(site: Site, payloads: readonly number[], tags: readonly number[]) {
    super(site.node.id, site.inputs, site.outputs);
    this.#payloads = payloads;
    this.#tags = tags;
  }

  protected awaits(): readonly number[] {
    return [];
  }

  protected step(): void {
    if (this.#next === this.#payloads.length) this.conclude();
    else this.write(0, this.#payloads[this.#next]!, this.#tags[this.#next]!, 1);
    this.#next += 1;
  }

  protected end(): void {}
}

/** Takes whatever comes. */
export class TimedSink extends TimedNode {
  protected awaits(): readonly number[] {
    return [0];
  }

  protected step(): void {
    this.free(0);
  }

  protected end(): void {}
}

/** Takes what leaves the program, and keeps it in functional mode. */
export class TimedOutput extends TimedSink {
  readonly #site: Site;
  readonly #slots: Slot<Value>[] = [];

  constructor(site: Site) {
    super(site.node.id, site.inputs, []);
    this.#site = site;
    site.tally.outputs.set(site.node.id, this.#slots);
  }

  protected override step(): void {
    const { pool, node } = this.#site;
    const { headPayload, headTag } = this.input(0);
    if (pool.functional) {
      const value = isBare(headTag) ? undefined : pool.valueOf(headPayload, node.inputs[0]!.element);
      this.#slots.push({ value, stop: stopOf(headTag) });
    }
    super.step();
  }
}
