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

  constructor(experts: number) {
    this.order = new Int32Array(experts);
    this.pimWorkNs = new Float64Array(experts + 1);
    this.tilesMoved = new Float64Array(experts + 1);
    this.#buckets = new Int32Array(1024);
  }

  /** Takes in new counts. */
  sort(counts: ArrayLike<number>, cost: PartitionCost, resident?: ArrayLike<number>): void {
    const { tileRows } = cost;
    const experts = counts.length;
    let most = 0;
    this.movable = 0;
    this.fixedExperts = 0;
    this.tiles = 0;
    for (let expert = 0; expert < experts; expert++) {
      const tokens = counts[expert]!;
      if (tokens === 0) continue;
      if (tokens > most) most = tokens;
      this.tiles += Math.ceil(tokens / tileRows);
      if (resident === undefined || resident[expert] === 1) this.movable += 1;
      else this.fixedExperts += 1;
    }
    if (most < MOST_BUCKETS) this.#countingSort(counts, most, resident);
    else this.#comparingSort(counts, resident);
    this.#sum(counts, cost);
  }

  #countingSort(counts: ArrayLike<number>, most: number, resident?: ArrayLike<number>): void {
    const experts = counts.length;
    if (most + 1 >= this.#buckets.length) this.#buckets = new Int32Array(Math.min(MOST_BUCKETS, 2 * most) + 2);
    const buckets = this.#buckets;
    buckets.fill(0, 0, most + 2);
    for (let expert = 0; expert < experts; expert++) {
      const tokens = counts[expert]!;
      if (tokens > 0 && (resident === undefined || resident[expert] === 1)) buckets[tokens + 1]! += 1;
    }
    for (let tokens = 1; tokens <= most + 1; tokens++) buckets[tokens]! += buckets[tokens - 1]!;
    for (let expert = 0; expert < experts; expert++) {
      const tokens = counts[expert]!;
      if (tokens === 0 || (resident !== undefined && resident[expert] !== 1)) continue;
      this.order[buckets[tokens]!] = expert;
      buckets[tokens]! += 1;
    }
  }

  #comparingSort(counts: ArrayLike<number>, resident?: ArrayLike<number>): void {
    let at = 0;
    for (let expert = 0; expert < counts.length; expert++) {
      if (counts[expert] === 0 || (resident !== undefined && resident[expert] !== 1)) continue;
      this.order[at] = expert;
      at += 1;
    }
    this.order.subarray(0, at).sort((a, b) => counts[a]! - counts[b]! || a - b);
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
