/** The best placement of all: a dynamic program over experts on PIM and their tokens, for the most tiles taken from the GPU. */
import { SieveError } from "../errors.ts";
import { type PartitionCost, placementNs, placementSums } from "./partition-cost.ts";
import { Partitioner } from "./partitioner.ts";

const MOST_STATES = 2e9;
const SLACK_NS = 1e-6;

/** The optimum. */
export interface ExactPlacement {
  readonly onPim: Uint8Array;
  readonly layerNs: number;
  /** States that the program went through; 0 where the sweep was proved best without it. */
  readonly states: number;
}

/**
 * A placement that no other beats.
 *
 * If tiles do not decide in the sweep's placement, reading is what counts, and the sweep is best. Otherwise all pairs of
 * (experts, time) on PIM below the sweep's time are tried: experts with equal counts are taken together.
 *
 * @throws {SieveError} `too-much-work` if the program would need more than 2e9 states.
 */
export function exactPlacement(
  cost: PartitionCost,
  counts: ArrayLike<number>,
  resident?: ArrayLike<number>,
): ExactPlacement {
  const swept = new Partitioner(counts.length).partition(counts, cost, resident);
  const relaxed = new Partitioner(counts.length).partition(
    counts,
    { ...cost, flopsPerToken: 0, waves: null },
    resident,
  );
  if (swept.layerNs <= relaxed.layerNs + SLACK_NS) {
    return { onPim: swept.onPim, layerNs: swept.layerNs, states: 0 };
  }
  return new ExactProgram(cost, counts, resident).solve(swept.onPim, swept.layerNs);
}

class ExactProgram {
  readonly #cost: PartitionCost;
  readonly #counts: ArrayLike<number>;
  /** Experts that may go to PIM. */
  readonly #items: number[] = [];

  constructor(cost: PartitionCost, counts: ArrayLike<number>, resident?: ArrayLike<number>) {
    this.#cost = cost;
    this.#counts = counts;
    for (let expert = 0; expert < counts.length; expert++) {
      if (counts[expert]! > 0 && (resident === undefined || resident[expert] === 1)) this.#items.push(expert);
    }
    this.#items.sort((a, b) => counts[a]! - counts[b]! || a - b);
  }

  /** Tokens that PIM can take before the time `limit`. With groups of several tokens, time is no function of tokens alone. */
  #capacity(limit: number): number {
    const { pimArriveNs, pimFixedNs, pimGroupNs } = this.#cost;
    const most = pimGroupNs.length - 1;
    const perToken = Math.min(...pimGroupNs.slice(1).map((time, at) => time / (at + 1)));
    const total = this.#items.reduce((sum, expert) => sum + this.#counts[expert]!, 0);
    if (perToken === 0) return total;
    return Math.min(total, Math.floor(Math.max(0, limit - pimArriveNs - pimFixedNs) / perToken) + most);
  }

  /** Units of PIM work that an expert is: its tokens, or its full groups and the rest, which decide its time. */
  solve(start: Uint8Array, startNs: number): ExactPlacement {
    const most = this.#cost.pimGroupNs.length - 1;
    if (most > 1) return this.#branch(start, startNs);
    const width = this.#capacity(startNs) + 1;
    const items = this.#items.length;
    const states = items * (items + 1) * width;
    if (states > MOST_STATES) {
      throw new SieveError("too-much-work", `an exact placement of ${items} experts needs ${states} states`, {
        limit: "states",
        value: states,
        allowed: MOST_STATES,
        hint: "use the policy sieve, whose lower bound says how far it is from the best",
      });
    }
    // [j, t]: most tiles moved with j experts and t tokens on PIM; -1 where there is no such placement.
    const tiles = new Int32Array((items + 1) * width).fill(-1);
    const taken = new Uint8Array(Math.ceil(states / 8));
    tiles[0] = 0;
    for (let item = 0; item < items; item++) this.#take(item, { tiles, taken, width, items });
    return this.#read(start, startNs, { tiles, taken, width, items, states });
  }

  #take(item: number, { tiles, taken, width, items }: Program): void {
    const tokens = this.#counts[this.#items[item]!]!;
    const own = Math.ceil(tokens / this.#cost.tileRows);
    const base = item * (items + 1) * width;
    for (let j = item; j >= 0; j--) {
      for (let t = width - 1 - tokens; t >= 0; t--) {
        const before = tiles[j * width + t]!;
        if (before < 0) continue;
        const cell = (j + 1) * width + t + tokens;
        if (before + own <= tiles[cell]!) continue;
        tiles[cell] = before + own;
        const bit = base + cell;
        taken[Math.floor(bit / 8)]! |= 1 << (bit % 8);
      }
    }
  }

  #read(start: Uint8Array, startNs: number, program: Program & { readonly states: number }): ExactPlacement {
    const { tiles, taken, width, items, states } = program;
    const nothing = placementSums(this.#cost, this.#counts, new Uint8Array(this.#counts.length));
    const each = this.#cost.pimGroupNs[1]!;
    let bestNs = startNs - SLACK_NS;
    let best = -1;
    for (let j = 0; j <= items; j++) {
      for (let t = 0; t < width; t++) {
        const moved = tiles[j * width + t]!;
        if (moved < 0) continue;
        const sums = {
          gpuExperts: nothing.gpuExperts - j,
          gpuTiles: nothing.gpuTiles - moved,
          pimExperts: j,
          pimWorkNs: t * each + j * this.#cost.pimNsPerExpert,
          gpuTokens: nothing.gpuTokens - t,
          pimTokens: t,
        };
        const time = placementNs(this.#cost, sums);
        if (time >= bestNs) continue;
        bestNs = time;
        best = j * width + t;
      }
    }
    if (best < 0) return { onPim: start, layerNs: startNs, states };
    return { ...this.#trace(best, { tiles, taken, width, items }), states };
  }

  #trace(cell: number, { taken, width, items }: Program): { onPim: Uint8Array; layerNs: number } {
    const onPim = new Uint8Array(this.#counts.length);
    let at = cell;
    for (let item = items - 1; item >= 0; item--) {
      const bit = item * (items + 1) * width + at;
      if ((taken[Math.floor(bit / 8)]! & (1 << (bit % 8))) === 0) continue;
      const expert = this.#items[item]!;
      onPim[expert] = 1;
      at -= width + this.#counts[expert]!;
    }
    return { onPim, layerNs: placementNs(this.#cost, placementSums(this.#cost, this.#counts, onPim)) };
  }

  /** Where several tokens share a reading: takes or leaves each count's experts in turn, cutting what cannot win. */
  #branch(start: Uint8Array, startNs: number): ExactPlacement {
    const kinds = this.#kinds();
    const chosen = new Int32Array(kinds.length);
    let best = start;
    let bestNs = startNs;
    let states = 0;
    const visit = (kind: number): void => {
      states += 1;
      if (states > MOST_STATES / 100) {
        throw new SieveError("too-much-work", `an exact placement needs more than ${MOST_STATES / 100} states`, {
          hint: "use the policy sieve, whose lower bound says how far it is from the best",
        });
      }
      const onPim = this.#placed(kinds, chosen);
      const sums = placementSums(this.#cost, this.#counts, onPim);
      const time = placementNs(this.#cost, sums);
      if (time < bestNs - SLACK_NS) {
        best = onPim;
        bestNs = time;
      }
      if (this.#cost.pimArriveNs + this.#cost.pimFixedNs + sums.pimWorkNs >= bestNs) return;
      if (kind === kinds.length) return;
      for (let taken = 0; taken <= kinds[kind]!.length; taken++) {
        chosen[kind] = taken;
        visit(kind + 1);
      }
      chosen[kind] = 0;
    };
    visit(0);
    return { onPim: best, layerNs: bestNs, states };
  }

  #kinds(): number[][] {
    const byCount = new Map<number, number[]>();
    for (const expert of this.#items) {
      const alike = byCount.get(this.#counts[expert]!);
      if (alike === undefined) byCount.set(this.#counts[expert]!, [expert]);
      else alike.push(expert);
    }
    return [...byCount.values()];
  }

  #placed(kinds: readonly number[][], chosen: Int32Array): Uint8Array {
    const onPim = new Uint8Array(this.#counts.length);
    for (const [kind, experts] of kinds.entries()) {
      for (let at = 0; at < chosen[kind]!; at++) onPim[experts[at]!] = 1;
    }
    return onPim;
  }
}

interface Program {
  readonly tiles: Int32Array;
  readonly taken: Uint8Array;
  readonly width: number;
  readonly items: number;
}
