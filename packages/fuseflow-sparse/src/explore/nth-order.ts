/** Loop orders by number: of those that lower to different graphs, in order of creation. */
import { expandRegion, type FusedRegion } from "../fuse/expand.ts";
import { independenceOf } from "../fuse/independence.ts";
import { legalOrders } from "../fuse/orders.ts";
import { partialOrder } from "../fuse/partial-order.ts";
import type { EinsumProgram } from "../program/program.ts";
import type { StoredTensor } from "../region/netlist.ts";
import type { RegionSchedule } from "../schedule/schedule.ts";

/** Lists the orders of a region as far as they are asked for. */
export class RegionOrders {
  readonly #orders: Generator<readonly string[]>;
  readonly #listed: (readonly string[])[] = [];

  constructor(program: EinsumProgram, region: RegionSchedule, tensors: ReadonlyMap<string, StoredTensor>) {
    const fused: FusedRegion = expandRegion(program, region);
    this.#orders = legalOrders(partialOrder(fused, tensors), independenceOf(fused));
  }

  /** Order number `n`, the first being 0; undefined where there are fewer. */
  nth(n: number): readonly string[] | undefined {
    while (this.#listed.length <= n) {
      const next = this.#orders.next();
      if (next.done) return undefined;
      this.#listed.push(next.value);
    }
    return this.#listed[n];
  }
}
