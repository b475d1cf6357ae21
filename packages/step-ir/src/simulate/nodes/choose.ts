import { StepError } from "../../errors.ts";
import { onesOf } from "../../ops/routing/choose.ts";
import type { Site } from "../machine.ts";
import { isBare, stopOf, valueTag } from "../slot-tag.ts";
import { TimedNode } from "../timed-node.ts";

const firstInput: readonly number[] = [0];

/** Makes choices of rows, in no time; only a functional run knows what is in them. */
export class TimedChoose extends TimedNode {
  readonly #site: Site;

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.#site = site;
    if (site.pool.functional) return;
    const message = `choose "${site.node.id}" reads numbers: run the program in functional mode`;
    throw new StepError("function-arguments", message, { node: site.node.id });
  }

  protected awaits(): readonly number[] {
    return firstInput;
  }

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    if (isBare(headTag)) this.write(0, 0, headTag);
    else {
      const { pool, node } = this.#site;
      this.write(0, pool.selector(onesOf(node, pool.contentOf(headPayload))), valueTag(stopOf(headTag)));
    }
    this.freeNow(0);
  }

  protected end(): void {}
}
