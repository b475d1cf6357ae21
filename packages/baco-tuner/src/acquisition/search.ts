/**
 * Looks for the point of the highest acquisition: all points of a small space; else points drawn from the space and
 * those near the best known ones, then steepest ascent over neighbours from the best of them.
 */
import type { Random } from "../numeric/random.ts";
import type { FeatureMap } from "../space/features.ts";
import { neighboursOf } from "../space/neighbours.ts";
import type { Space } from "../space/space.ts";
import type { Point } from "../space/trees/tree.ts";
import type { Acquisition, Appraisal } from "./acquisition.ts";

/** Where and how much is searched. */
export interface SearchTask {
  readonly space: Space;
  readonly features: FeatureMap;
  readonly acquisition: Acquisition;
  /** Keys of points that must not be suggested. */
  readonly excluded: ReadonlySet<number | string>;
  /** Known good points, best first. */
  readonly good: readonly Point[];
  readonly candidates: number;
  readonly climbs: number;
  /** Whether every second point is drawn by the priors of the parameters. */
  readonly byPrior: boolean;
  /** Climbs end when this many points were looked at. */
  readonly mostLooks: number;
}

/** A point and its appraisal. */
export interface Suggestion {
  readonly point: Point;
  readonly appraisal: Appraisal;
}

const listed = 3000;
const longestClimb = 60;

/** The best point found that is not excluded; `undefined` if every point found is worth nothing. */
export function searchAcquisition(task: SearchTask, random: Random): Suggestion | undefined {
  return new Search(task, random).run();
}

class Search {
  readonly #task: SearchTask;
  readonly #random: Random;
  /** Appraised points, and the floor under which each was not looked at closely. */
  readonly #seen = new Map<number | string, Suggestion & { readonly floor: number }>();
  readonly #row: Float64Array;
  readonly #best: Suggestion[] = [];
  readonly #kept: number;

  constructor(task: SearchTask, random: Random) {
    this.#task = task;
    this.#random = random;
    this.#row = new Float64Array(task.features.width);
    this.#kept = Math.max(1, task.climbs);
  }

  run(): Suggestion | undefined {
    const { space, candidates, climbs, good, byPrior } = this.#task;
    if (space.size !== null && space.size <= BigInt(Math.max(listed, candidates))) {
      for (let rank = 0n; rank < space.size; rank++) this.#look(space.pointAt(rank));
      return this.#winner();
    }
    for (const point of good) for (const near of neighboursOf(space, point, { random: this.#random })) this.#look(near);
    for (let i = 0; i < candidates; i++) {
      const how = byPrior && i % 2 === 0 ? "prior" : i % 4 === 3 ? "biased" : "uniform";
      this.#look(space.draw(this.#random, how));
    }
    for (const start of this.#best.slice(0, climbs)) this.#climb(start);
    return this.#winner();
  }

  #winner(): Suggestion | undefined {
    return this.#best[0];
  }

  #look(point: Point, least = Number.POSITIVE_INFINITY): Suggestion {
    const key = this.#task.space.keyOf(point);
    const entry = this.#best.length < this.#kept ? Number.NEGATIVE_INFINITY : this.#best.at(-1)!.appraisal.worth;
    const floor = Math.min(least, entry);
    const known = this.#seen.get(key);
    if (known !== undefined && (known.appraisal.worth > Number.NEGATIVE_INFINITY || known.floor <= floor)) return known;
    this.#task.features.write(point, this.#row, 0);
    const found = { point, appraisal: this.#task.acquisition(this.#row, floor, point), floor };
    this.#seen.set(key, found);
    if (found.appraisal.worth > entry && !this.#task.excluded.has(key)) this.#keep(found);
    return found;
  }

  #keep(found: Suggestion): void {
    let at = this.#best.length;
    while (at > 0 && this.#best[at - 1]!.appraisal.worth < found.appraisal.worth) at -= 1;
    this.#best.splice(at, 0, found);
    if (this.#best.length > this.#kept) this.#best.pop();
  }

  #climb(start: Suggestion): void {
    let here = start;
    for (let step = 0; step < longestClimb && this.#seen.size < this.#task.mostLooks; step++) {
      let next = here;
      for (const near of neighboursOf(this.#task.space, here.point, { random: this.#random })) {
        const found = this.#look(near, next.appraisal.worth);
        if (found.appraisal.worth > next.appraisal.worth) next = found;
      }
      if (next === here) return;
      here = next;
    }
  }
}
