/** Timed sources and sinks. */
import type { Site } from "../machine.ts";
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
