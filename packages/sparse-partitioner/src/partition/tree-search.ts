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
  readonly #weights: Float64Array;
  /** Work of visiting a coordinate of each variable, alone and with everything dense below it. */
  readonly #visits: Float64Array;
  readonly #visited: Float64Array;
  /** Node of each driver, the run below it, the window of it that is left, and the last rank found. */
  readonly #node: Int32Array | Float64Array;
  readonly #first: Int32Array | Float64Array;
  readonly #last: Int32Array | Float64Array;
  readonly #low: Int32Array | Float64Array;
  readonly #high: Int32Array | Float64Array;
  readonly #rank: Int32Array | Float64Array;
  readonly #base: Float64Array;
  /** Drivers that store the coordinates so far. */
  readonly #live: Int32Array;
  #count = 0;
  #subtree = 0;
  #outermost = 0;

  constructor(space: WorkSpace, cost: SearchCost) {
    this.#space = space;
    this.#cost = cost;
    const { drivers, variables } = space;
    this.#levels = drivers.map(({ levels }) => levels.map(treeLevel));
    this.#weights = Float64Array.from(drivers, ({ weight }) => weight);
    const inner = variables.length - 1;
    this.#visits = Float64Array.from(variables, ({ visitWeight }, v) => (v < inner ? visitWeight : 0));
    this.#visited = Float64Array.from(this.#visits, (visit, v) => (visit > 0 ? visit + visitsBelow(space, v) : 0));
    // Positions of dense levels may pass 2^31; where none does, indices stay small integers.
    const Positions = largestPosition(this.#levels) < 2 ** 31 ? Int32Array : Float64Array;
    const places = (): Int32Array | Float64Array => new Positions(drivers.length);
    [this.#node, this.#first, this.#last] = [places(), places(), places()];
    [this.#low, this.#high, this.#rank] = [places(), places(), places()];
    this.#base = new Float64Array(drivers.length);
    this.#live = new Int32Array(drivers.length);
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
    if (this.#count === 1 && this.#isMatrix(this.#live[0]!, v)) return this.#selectRow(this.#live[0]!, v, remaining);
    const visited = this.#visited[v]!;
    let low = v === 0 ? this.#outermost : 0;
    let high = size - 1;
    while (low < high) {
      const middle = low + Math.ceil((high - low) / 2);
      let work = middle * visited;
      for (let at = 0; at < this.#count; at++) {
        const d = this.#live[at]!;
        const rank = this.#rankOf(d, v, middle);
        this.#rank[d] = rank;
        work += this.#leaves(d, v, rank) - this.#base[d]!;
      }
      const fits = work <= remaining;
      if (fits) low = middle;
      else high = middle - 1;
      const side = fits ? this.#low : this.#high;
      for (let at = 0; at < this.#count; at++) side[this.#live[at]!] = this.#rank[this.#live[at]!]!;
    }
    return low;
  }

  /** Whether a driver has rows at a variable, and below it nothing but entries. */
  #isMatrix(d: number, v: number): boolean {
    const levels = this.#levels[d]!;
    return v + 2 === levels.length && levels[v]!.dense && !levels[v + 1]!.dense;
  }

  /** The row of one matrix alone: what it counts is there as it is. */
  #selectRow(d: number, v: number, remaining: number): number {
    const { positions } = this.#levels[d]![v + 1]!;
    const [visited, weight] = [this.#visited[v]!, this.#weights[d]!];
    const [origin, base] = [this.#first[d]!, this.#base[d]!];
    let low = v === 0 ? this.#outermost : 0;
    let high = this.#space.variables[v]!.size - 1;
    while (low < high) {
      const middle = low + Math.ceil((high - low) / 2);
      this.#cost.rankQueries += 1;
      if (middle * visited + weight * positions[origin + middle]! - base <= remaining) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** First position of a driver's run that lies at a coordinate or behind it. */
  #rankOf(d: number, v: number, coordinate: number): number {
    this.#cost.rankQueries += 1;
    const { dense, coordinates } = this.#levels[d]![v]!;
    if (dense) return this.#first[d]! + coordinate;
    return searchCoordinates(coordinates, this.#low[d]!, this.#high[d]!, coordinate);
  }

  /** Work before a coordinate, whose rank is kept for each live driver. */
  #before(v: number, coordinate: number): number {
    let work = coordinate * this.#visited[v]!;
    for (let at = 0; at < this.#count; at++) {
      const d = this.#live[at]!;
      // The window may have been left around another coordinate.
      this.#low[d] = this.#first[d]!;
      this.#high[d] = this.#last[d]!;
      const rank = this.#rankOf(d, v, coordinate);
      this.#rank[d] = rank;
      work += this.#leaves(d, v, rank) - this.#base[d]!;
    }
    return work;
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

function largestPosition(drivers: readonly (readonly TreeLevel[])[]): number {
  let largest = 0;
  for (const levels of drivers) {
    let count = 1;
    for (const { dense, size, positions } of levels) {
      count = dense ? count * size : positions[count]!;
      largest = Math.max(largest, count);
    }
  }
  return largest;
}

function treeLevel(level: WorkSpace["drivers"][number]["levels"][number]): TreeLevel {
  if (level.kind === "compressed")
    return { dense: false, size: level.size, positions: level.positions, coordinates: level.coordinates };
  return { dense: true, size: level.kind === "dense" ? level.size : 0, positions: none, coordinates: none };
}
