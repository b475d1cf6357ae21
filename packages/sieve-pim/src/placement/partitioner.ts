/**
 * Chooses the experts that run on PIM: those with the fewest tokens, as many as make both sides finish together.
 *
 * Moving an expert to PIM saves the GPU one reading of weights, whichever expert it is, and costs PIM time that grows
 * with its tokens. So while reading decides on the GPU, some best placement takes the smallest counts; with the k
 * smallest on PIM, both path times are pieced together from falling and rising parts, and the best k is found by
 * bisection. Where tiles decide, swaps and moves of `refine` come on top.
 */
import { computingNs, expertReadNs, type PartitionCost, tileNs } from "./partition-cost.ts";
import { SortedLoads } from "./sorted-loads.ts";

/** A placement and its times. Owned and reused by the partitioner that gave it. */
export interface Placement {
  /** Per expert, 1 where it runs on PIM. */
  readonly onPim: Uint8Array;
  readonly pimExperts: number;
  /** When the GPU is done; 0 if it has nothing to do. */
  readonly gpuNs: number;
  readonly pimNs: number;
  /** The later of the two. */
  readonly layerNs: number;
  /** Whether the GPU computes longer than it reads: then swaps may help. */
  readonly tilesDecide: boolean;
  /** Times that the two paths were evaluated. */
  readonly evaluations: number;
}

const TIE_NS = 1e-9;

/** Decides for one GPU, again and again without allocating. */
export class Partitioner {
  readonly #loads: SortedLoads;
  readonly #onPim: Uint8Array;
  readonly #placement: { -readonly [key in keyof Placement]: Placement[key] };
  #cost!: PartitionCost;
  #readNs = 0;
  #tileNs = 0;
  #evaluations = 0;
  #best = 0;
  #bestNs = 0;

  /** `experts` is the largest number of experts that will be decided on. */
  constructor(experts: number) {
    this.#loads = new SortedLoads(experts);
    this.#onPim = new Uint8Array(experts);
    this.#placement = {
      onPim: this.#onPim,
      pimExperts: 0,
      gpuNs: 0,
      pimNs: 0,
      layerNs: 0,
      tilesDecide: false,
      evaluations: 0,
    };
  }

  /**
   * The best placement that puts the smallest counts on PIM; of equal ones that with the fewest experts on PIM.
   *
   * `resident` tells which experts have their weights where PIM can read them; all unless given.
   */
  partition(counts: ArrayLike<number>, cost: PartitionCost, resident?: ArrayLike<number>): Placement {
    const loads = this.#loads;
    loads.sort(counts, cost, resident);
    this.#cost = cost;
    this.#readNs = expertReadNs(cost);
    this.#tileNs = tileNs(cost);
    this.#evaluations = 0;
    this.#best = 0;
    this.#bestNs = Number.POSITIVE_INFINITY;
    const { movable } = loads;
    this.#consider(0);
    if (movable > 0) {
      // With every expert on PIM the GPU's fixed time is gone: that end stands apart, as 0 does.
      const last = loads.fixedExperts > 0 ? movable : movable - 1;
      if (last >= 1) {
        const crossing = this.#crossing(last);
        this.#consider(Math.max(1, crossing - 1));
        this.#consider(crossing);
        this.#consider(Math.min(last, crossing + 1));
      }
      this.#consider(movable);
    }
    return this.#place(this.#best);
  }

  /** The same by trying every number of experts: the plain rule, for comparison. */
  sweep(counts: ArrayLike<number>, cost: PartitionCost, resident?: ArrayLike<number>): Placement {
    const loads = this.#loads;
    loads.sort(counts, cost, resident);
    this.#cost = cost;
    this.#readNs = expertReadNs(cost);
    this.#tileNs = tileNs(cost);
    this.#evaluations = 0;
    this.#bestNs = Number.POSITIVE_INFINITY;
    for (let k = 0; k <= loads.movable; k++) this.#consider(k);
    return this.#place(this.#best);
  }

  #consider(k: number): void {
    this.#evaluations += 1;
    const time = Math.max(this.#gpuNs(k), this.#pimNs(k));
    // A later candidate wins only where it is truly better, or as good with fewer experts on PIM.
    if (time < this.#bestNs - TIE_NS || (time < this.#bestNs + TIE_NS && k < this.#best)) {
      this.#best = k;
      this.#bestNs = time;
    }
  }

  /** Reading time of the GPU, PIM's part in it included. */
  #readingNs(k: number): number {
    const { movable, fixedExperts, pimWorkNs } = this.#loads;
    return (movable - k + fixedExperts) * this.#readNs + this.#cost.interference * pimWorkNs[k]!;
  }

  #computingNs(k: number): number {
    const { tilesMoved, tiles } = this.#loads;
    const left = tiles - tilesMoved[k]!;
    return this.#cost.waves === null ? left * this.#tileNs : computingNs(this.#cost, left);
  }

  #gpuNs(k: number): number {
    const { movable, fixedExperts } = this.#loads;
    if (k === movable && fixedExperts === 0) return 0;
    const { gpuArriveNs, gpuFixedNs } = this.#cost;
    return gpuArriveNs + gpuFixedNs + Math.max(this.#readingNs(k), this.#computingNs(k));
  }

  #pimNs(k: number): number {
    if (k === 0) return 0;
    return this.#cost.pimArriveNs + this.#cost.pimFixedNs + this.#loads.pimWorkNs[k]!;
  }

  /** The best number of experts from 1 to `last`, or one next to it. */
  #crossing(last: number): number {
    const least = this.#leastReading(last);
    this.#evaluations += 1;
    const gpu = this.#gpuNs(least);
    const pim = this.#pimNs(least);
    if (pim > gpu) return this.#firstWhere(1, least, (k) => this.#pimNs(k) >= this.#gpuNs(k));
    if (this.#computingNs(least) <= this.#readingNs(least)) return least;
    // Computing falls with k, reading and PIM rise from here on.
    const { gpuArriveNs, gpuFixedNs } = this.#cost;
    const fixed = gpuArriveNs + gpuFixedNs;
    return this.#firstWhere(least, last, (k) => {
      return fixed + this.#computingNs(k) <= Math.max(fixed + this.#readingNs(k), this.#pimNs(k));
    });
  }

  /** Where reading is least: an expert more on PIM saves a reading and takes `interference` of its own time away. */
  #leastReading(last: number): number {
    const { interference } = this.#cost;
    if (interference === 0) return last;
    const { pimWorkNs } = this.#loads;
    const end = this.#firstWhere(1, last + 1, (k) => {
      return k > last || interference * (pimWorkNs[k]! - pimWorkNs[k - 1]!) >= this.#readNs;
    });
    return Math.max(1, end - 1);
  }

  /** The first number from `low` to `high` for which `holds`, which holds from somewhere on; `high` if for none. */
  #firstWhere(low: number, high: number, holds: (k: number) => boolean): number {
    let from = low;
    let until = high;
    while (from < until) {
      const middle = (from + until) >> 1;
      this.#evaluations += 1;
      if (holds(middle)) until = middle;
      else from = middle + 1;
    }
    return from;
  }

  #place(k: number): Placement {
    const { order } = this.#loads;
    this.#onPim.fill(0);
    for (let at = 0; at < k; at++) this.#onPim[order[at]!] = 1;
    const placement = this.#placement;
    placement.pimExperts = k;
    placement.gpuNs = this.#gpuNs(k);
    placement.pimNs = this.#pimNs(k);
    placement.layerNs = Math.max(placement.gpuNs, placement.pimNs);
    placement.tilesDecide = this.#computingNs(k) > this.#readingNs(k);
    placement.evaluations = this.#evaluations;
    return placement;
  }
}

/** The placement with every expert for which `chosen` holds on PIM, among those with tokens that are `resident`. */
export function placedBy(
  counts: ArrayLike<number>,
  resident: ArrayLike<number> | undefined,
  chosen: (tokens: number, expert: number) => boolean,
): Uint8Array {
  const onPim = new Uint8Array(counts.length);
  for (let expert = 0; expert < counts.length; expert++) {
    if (counts[expert] === 0 || (resident !== undefined && resident[expert] !== 1)) continue;
    if (chosen(counts[expert]!, expert)) onPim[expert] = 1;
  }
  return onPim;
}
