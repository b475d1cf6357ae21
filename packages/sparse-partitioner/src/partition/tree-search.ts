/**
 * The cut search of ./cut.ts for drivers of dense and compressed levels alone, which is what kernels have: the same
 * descent over flat arrays, without an object for each step. Targets rise, so that a search begins where the one before
 * it ended.
 */
import type { Cut, SearchCost } from "./cut.ts";
import { searchCoordinates } from "./rank.ts";
import { manyDrivers } from "./select-coordinate.ts";
import { visitsBelow, type WorkSpace } from "./work.ts";

const none = new Int32Array(0);

/** One level of one driver: its run, and how its positions count as work. */
interface TreeLevel {
  readonly dense: boolean;
  readonly size: number;
  readonly positions: Int32Array;
  readonly coordinates: Int32Array;
}

/** Searches for rising targets in one space; undefined where a level is of another kind, or there are very many drivers. */
export function treeSearch(space: WorkSpace, cost: SearchCost): ((target: number) => Cut) | undefined {
  const { drivers } = space;
  const plain = drivers.every(({ levels }) => levels.every(({ kind }) => kind === "dense" || kind === "compressed"));
  if (!plain || drivers.length >= manyDrivers) return undefined;
  const search = new TreeSearch(space, cost);
  return (target) => search.find(target);
}

class TreeSearch {
  readonly #space: WorkSpace;
  readonly #cost: SearchCost;
  /** Levels of driver d at variable v: `levels[d][v]`. */
  readonly #levels: readonly (readonly TreeLevel[])[];
  readonly #weights: readonly number[];
  /** Work of visiting a coordinate of each variable, alone and with everything dense below it. */
  readonly #visits: readonly number[];
  readonly #visited: readonly number[];
  /** Node of each driver, the run below it, the window of it that is left, and the last rank found. */
  readonly #node: number[];
  readonly #first: number[];
  readonly #last: number[];
  readonly #low: number[];
  readonly #high: number[];
  readonly #rank: number[];
  readonly #base: number[];
  /** Drivers that store the coordinates so far. */
  readonly #live: number[];
  #count = 0;
  #subtree = 0;
  #outermost = 0;

  constructor(space: WorkSpace, cost: SearchCost) {
    this.#space = space;
    this.#cost = cost;
    const { drivers, variables } = space;
    this.#levels = drivers.map(({ levels }) => levels.map(treeLevel));
    this.#weights = drivers.map(({ weight }) => weight);
    const inner = variables.length - 1;
    this.#visits = variables.map(({ visitWeight }, v) => (v < inner ? visitWeight : 0));
    this.#visited = this.#visits.map((visit, v) => (visit > 0 ? visit + visitsBelow(space, v) : 0));
    // Plain arrays: positions of dense levels may pass 2^31, and a plan for a small kernel is mostly what it allocates.
    const places = (): number[] => drivers.map(() => 0);
    [this.#node, this.#first, this.#last] = [places(), places(), places()];
    [this.#low, this.#high, this.#rank] = [places(), places(), places()];
    [this.#base, this.#live] = [places(), places()];
  }

  /** The first cut with at least `target` work before it, as `findCut` has it; targets must not fall. */
  find(target: number): Cut {
    const { variables, subtrees } = this.#space;
    const subtree = this.#enter(target);
    let done = subtrees === undefined ? 0 : subtrees.offsets[subtree]!;
    const tuple: number[] = [];
    const last = variables.length - 1;
    for (let v = 0; v <= last; v++) {
      this.#open(v);
      const coordinate = this.#select(v, target - done);
      if (v === 0) this.#outermost = coordinate;
      done += this.#before(v, coordinate);
      const point = this.#descend(v, coordinate);
      if (v === last) {
        tuple.push(target <= done ? coordinate : coordinate + 1);
        return { subtree, tuple, work: target <= done ? done : done + point };
      }
      tuple.push(coordinate);
      const visit = this.#visits[v]!;
      const below = visit > 0 ? this.#visited[v]! - visit : 0;
      if (target - done < visit || (this.#count === 0 && below === 0)) break;
      done += visit;
    }
    return { subtree, tuple, work: done };
  }

  /** The subtree that holds the target, and every driver at its root there. */
  #enter(target: number): number {
    const { subtrees, drivers } = this.#space;
    this.#count = 0;
    if (subtrees !== undefined) {
      let low = this.#subtree;
      let high = subtrees.count - 1;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (subtrees.offsets[middle]! <= target) low = middle;
        else high = middle - 1;
      }
      if (low !== this.#subtree) this.#outermost = 0;
      this.#subtree = low;
    }
    for (let d = 0; d < drivers.length; d++) {
      const root = subtrees === undefined ? 0 : subtrees.positions[d]![this.#subtree]!;
      if (root < 0) continue;
      this.#node[d] = root;
      this.#live[this.#count++] = d;
    }
    return this.#subtree;
  }

  /** The runs of the live drivers at a variable. */
  #open(v: number): void {
    for (let at = 0; at < this.#count; at++) {
      const d = this.#live[at]!;
      const level = this.#levels[d]![v]!;
      const node = this.#node[d]!;
      const first = level.dense ? node * level.size : level.positions[node]!;
      const last = level.dense ? first + level.size : level.positions[node + 1]!;
      this.#first[d] = first;
      this.#last[d] = last;
      this.#low[d] = first;
      this.#high[d] = last;
      this.#base[d] = this.#leaves(d, v, first);
    }
  }

  /** Work below the first `position` positions of a level. */
  #leaves(d: number, v: number, position: number): number {
    const levels = this.#levels[d]!;
    let at = position;
    for (let below = v + 1; below < levels.length; below++) {
      const level = levels[below]!;
      at = level.dense ? at * level.size : level.positions[at]!;
    }
    return at * this.#weights[d]!;
  }

  /** The largest coordinate before which no more than `remaining` work lies. */
  #select(v: number, remaining: number): number {
    const size = this.#space.variables[v]!.size;
    if (v === this.#space.variables.length - 1 && this.#count === 1) {
      const d = this.#live[0]!;
      const { dense, coordinates } = this.#levels[d]![v]!;
      const position = this.#first[d]! + Math.floor(remaining / this.#weights[d]!);
      if (position >= this.#last[d]!) return size - 1;
      return dense ? position - this.#first[d]! : coordinates[position]!;
    }
    let low = v === 0 ? this.#outermost : 0;
    let high = size - 1;
    let below = this.#workBefore(v, low);
    this.#narrow(this.#low);
    let above = this.#workBefore(v, size);
    if (above <= remaining) return high;
    for (let step = 0; low < high; step++) {
      const middle = probe({ low, high, below, above, remaining, step });
      const work = this.#workBefore(v, middle);
      const fits = work <= remaining;
      if (fits) [low, below] = [middle, work];
      else [high, above] = [middle - 1, work];
      this.#narrow(fits ? this.#low : this.#high);
    }
    return low;
  }

  /** Work of the live drivers before a coordinate, and of the visits before it; keeps each driver's rank. */
  #workBefore(v: number, coordinate: number): number {
    let work = coordinate * this.#visited[v]!;
    for (let at = 0; at < this.#count; at++) {
      const d = this.#live[at]!;
      const rank = this.#rankOf(d, v, coordinate);
      this.#rank[d] = rank;
      work += this.#leaves(d, v, rank) - this.#base[d]!;
    }
    return work;
  }

  /** Makes the ranks found last one side of the windows. */
  #narrow(side: number[]): void {
    for (let at = 0; at < this.#count; at++) side[this.#live[at]!] = this.#rank[this.#live[at]!]!;
  }

  /** First position of a driver's run that lies at a coordinate or behind it. */
  #rankOf(d: number, v: number, coordinate: number): number {
    this.#cost.rankQueries += 1;
    const { dense, coordinates } = this.#levels[d]![v]!;
    if (dense) return this.#first[d]! + coordinate;
    return searchCoordinates(coordinates, this.#low[d]!, this.#high[d]!, coordinate);
  }

  /** Work before a coordinate, wherever the windows are. */
  #before(v: number, coordinate: number): number {
    for (let at = 0; at < this.#count; at++) {
      const d = this.#live[at]!;
      this.#low[d] = this.#first[d]!;
      this.#high[d] = this.#last[d]!;
    }
    return this.#workBefore(v, coordinate);
  }

  /** Goes on below a coordinate with the drivers that store it; the work of these positions if they are events. */
  #descend(v: number, coordinate: number): number {
    let point = 0;
    let left = 0;
    for (let at = 0; at < this.#count; at++) {
      const d = this.#live[at]!;
      const { dense, coordinates } = this.#levels[d]![v]!;
      const rank = this.#rank[d]!;
      if (rank >= this.#last[d]! || !(dense || coordinates[rank] === coordinate)) continue;
      this.#node[d] = rank;
      this.#live[left++] = d;
      point += this.#weights[d]!;
    }
    this.#count = left;
    return point;
  }
}

/** What is known of a search: the work before `low` and before `high + 1`, and how much is looked for. */
interface Window {
  readonly low: number;
  readonly high: number;
  readonly below: number;
  readonly above: number;
  readonly remaining: number;
  readonly step: number;
}

/** Look-ups that follow the rate of work before the middle takes turns with it. */
const trusted = 4;

/**
 * Where to look next, in (low, high]: where the work would be at an even rate. Rows lie near there unless they are skewed,
 * and a look-up far from where the last was costs a line of memory. Then the middle, every second time: look-ups are at
 * most twice those of bisection, and a few.
 */
function probe({ low, high, below, above, remaining, step }: Window): number {
  if (step >= trusted && step % 2 === 0) return low + Math.ceil((high - low) / 2);
  const rows = Math.round(((remaining - below) / (above - below)) * (high + 1 - low));
  return Math.min(high, low + Math.max(1, rows));
}

function treeLevel(level: WorkSpace["drivers"][number]["levels"][number]): TreeLevel {
  if (level.kind === "compressed")
    return { dense: false, size: level.size, positions: level.positions, coordinates: level.coordinates };
  return { dense: true, size: level.kind === "dense" ? level.size : 0, positions: none, coordinates: none };
}
