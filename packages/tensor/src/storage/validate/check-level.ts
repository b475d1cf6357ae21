/**
 * Checks of single levels. Each takes the number of parent positions and reports to a list; none reads outside an array,
 * whatever the arrays hold.
 */
import { maximumLength } from "../allocate.ts";
import { popcount, wordsPerParent } from "../level-size.ts";
import type { Level } from "../tensor.ts";
import type { ProblemList } from "./problem-list.ts";

type BitvectorLevel = Extract<Level, { kind: "bitvector" }>;

/** Checks that `parents` × `extent` positions can be counted. */
export function checkDense(parents: number, extent: number, problems: ProblemList): void {
  if (parents * extent > maximumLength) problems.error(`${parents * extent} positions`, `at most ${maximumLength}`);
}

/** Checks a positions array: one more than parents, from 0, never falling, up to `children`. */
export function checkPositions(positions: Int32Array, parents: number, children: number, problems: ProblemList): void {
  const last = positions.length - 1;
  if (last !== parents) {
    problems.error(`a positions array of ${positions.length}`, `${parents + 1}, one more than the ${parents} parents`);
  }
  if (last >= 0 && positions[0] !== 0) problems.error(`the first position is ${positions[0]}`, "0", 0);
  for (let p = 1; p <= last && !problems.full; p++) {
    if (positions[p]! < positions[p - 1]!) {
      problems.error(`position ${positions[p]} after ${positions[p - 1]}`, "positions that never fall", p);
    }
  }
  if (last >= 0 && positions[last] !== children) {
    problems.error(`the last position is ${positions[last]}`, `${children}, the number of coordinates`, last);
  }
}

/** Checks that coordinates lie in 0..extent-1; `free` is a further value that is let through. */
export function checkRange(coordinates: Int32Array, extent: number, problems: ProblemList, free = 0): void {
  for (let q = 0; q < coordinates.length && !problems.full; q++) {
    const c = coordinates[q]!;
    if ((c < 0 && c !== free) || c >= extent)
      problems.error(`coordinate ${c}`, extent === 0 ? "none" : `0 to ${extent - 1}`, q);
  }
}

/** How the coordinates of one parent follow one another. */
export interface Rise {
  /** Whether equal tuples may follow one another. */
  readonly repeats: boolean;
}

/** Checks that the tuples of a level (`columns`, all of one length) rise within each parent's range. */
export function checkRise(
  columns: readonly Int32Array[],
  positions: Int32Array,
  rise: Rise,
  problems: ProblemList,
): void {
  const length = Math.min(...columns.map((column) => column.length));
  const wanted = rise.repeats ? "rising coordinates below one parent" : "strictly rising coordinates below one parent";
  for (let p = 0; p + 1 < positions.length && !problems.full; p++) {
    const start = Math.max(positions[p]!, 0);
    const end = Math.min(positions[p + 1]!, length);
    for (let q = start + 1; q < end; q++) {
      const step = compareWithPrevious(columns, q);
      if (step > 0 || (step === 0 && rise.repeats)) continue;
      const [here, before] = [q, q - 1].map((at) => columns.map((column) => column[at]).join(", "));
      problems.error(`coordinate (${here}) after (${before})`, wanted, q);
    }
  }
}

function compareWithPrevious(columns: readonly Int32Array[], q: number): number {
  for (let k = 0; k < columns.length; k++) {
    const step = columns[k]![q]! - columns[k]![q - 1]!;
    if (step !== 0) return step;
  }
  return 0;
}

/** Checks the length of a singleton level's coordinates. */
export function checkSingleton(coordinates: Int32Array, parents: number, problems: ProblemList): void {
  if (coordinates.length === parents) return;
  problems.error(`${coordinates.length} coordinates`, `${parents}, one for each parent position`);
}

/** Checks the words and ranks of a bitvector level. */
export function checkBitvector(level: BitvectorLevel, parents: number, problems: ProblemList): void {
  const { words, ranks, size } = level;
  const stride = wordsPerParent(size);
  if (words.length !== parents * stride) {
    problems.error(`${words.length} words`, `${parents * stride}, ${stride} for each of ${parents} parents`);
  }
  if (ranks.length !== words.length) problems.error(`${ranks.length} ranks`, `${words.length}, one for each word`);
  const used = size & 31;
  const padding = used === 0 ? 0 : ~0 << used;
  let rank = 0;
  for (let w = 0; w < words.length && !problems.full; w++) {
    if (w % stride === stride - 1 && (words[w]! & padding) !== 0) {
      problems.error(`padding bits set in word ${words[w]}`, `zeros above bit ${used - 1}`, w);
    }
    if (w < ranks.length && ranks[w] !== rank)
      problems.error(`rank ${ranks[w]}`, `${rank}, the set bits before this word`, w);
    rank += popcount(words[w]!);
  }
}
