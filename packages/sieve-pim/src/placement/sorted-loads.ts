import { expertPimNs, type PartitionCost } from "./partition-cost.ts";

/** Counts up to here are sorted by counting. */
const MOST_BUCKETS = 1 << 16;

/** The experts that could run on PIM, by their tokens, with sums over the first k of them. Reused from call to call. */
export class SortedLoads {
  /** Experts with tokens that may go to PIM; the first entries of `order`. */
  movable = 0;
  /** Experts with tokens that must stay on the GPU. */
  fixedExperts = 0;
  /** Tiles of all experts. */
  tiles = 0;
  /** Experts by tokens, then by number. */
  readonly order: Int32Array;
  /** [k]: time of the first k experts on PIM. */
  readonly pimWorkNs: Float64Array;
  /** [k]: tiles of the first k experts. */
  readonly tilesMoved: Float64Array;
  #buckets: Int32Array;
  readonly #unsorted: Int32Array;

  constructor(experts: number) {
    this.order = new Int32Array(experts);
    this.pimWorkNs = new Float64Array(experts + 1);
    this.tilesMoved = new Float64Array(experts + 1);
    this.#buckets = new Int32Array(1024);
    this.#unsorted = new Int32Array(experts);
  }

  /** Takes in new counts. */
  sort(counts: ArrayLike<number>, cost: PartitionCost, resident?: ArrayLike<number>): void {
    const { tileRows } = cost;
    const experts = counts.length;
    let most = 0;
    let movable = 0;
    let fixedExperts = 0;
    let fixedTiles = 0;
    for (let expert = 0; expert < experts; expert++) {
      const tokens = counts[expert]!;
      if (tokens === 0) continue;
      if (tokens > most) most = tokens;
      if (resident === undefined || resident[expert] === 1) {
        // For now in the order of their numbers.
        this.order[movable] = expert;
        movable += 1;
      } else {
        fixedExperts += 1;
        fixedTiles += Math.ceil(tokens / tileRows);
      }
    }
    this.movable = movable;
    this.fixedExperts = fixedExperts;
    if (most < MOST_BUCKETS) this.#countingSort(counts, most);
    else this.order.subarray(0, movable).sort((a, b) => counts[a]! - counts[b]! || a - b);
    this.#sum(counts, cost);
    this.tiles = fixedTiles + this.tilesMoved[movable]!;
  }

  #countingSort(counts: ArrayLike<number>, most: number): void {
    const { movable, order } = this;
    if (most + 2 > this.#buckets.length) this.#buckets = new Int32Array(Math.min(MOST_BUCKETS, 2 * most) + 2);
    const buckets = this.#buckets;
    const unsorted = this.#unsorted;
    buckets.fill(0, 0, most + 2);
    for (let at = 0; at < movable; at++) {
      const expert = order[at]!;
      unsorted[at] = expert;
      buckets[counts[expert]! + 1]! += 1;
    }
    for (let tokens = 1; tokens <= most; tokens++) buckets[tokens + 1]! += buckets[tokens]!;
    for (let at = 0; at < movable; at++) {
      const expert = unsorted[at]!;
      const tokens = counts[expert]!;
      const place = buckets[tokens]!;
      order[place] = expert;
      buckets[tokens] = place + 1;
    }
  }

  // Experts of equal counts have equal times: found once for each.
  #sum(counts: ArrayLike<number>, cost: PartitionCost): void {
    let pim = 0;
    let tiles = 0;
    let known = -1;
    let pimEach = 0;
    let tilesEach = 0;
    for (let k = 0; k < this.movable; k++) {
      const tokens = counts[this.order[k]!]!;
      if (tokens !== known) {
        known = tokens;
        pimEach = expertPimNs(cost, tokens);
        tilesEach = Math.ceil(tokens / cost.tileRows);
      }
      pim += pimEach;
      tiles += tilesEach;
      this.pimWorkNs[k + 1] = pim;
      this.tilesMoved[k + 1] = tiles;
    }
  }
}
