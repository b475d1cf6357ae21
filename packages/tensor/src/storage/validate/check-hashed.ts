import { gather } from "../coordinates/gather.ts";
import { sortedOrder } from "../coordinates/sorted-order.ts";
import { freeSlot, homeSlot } from "../hash-table.ts";
import type { Level } from "../tensor.ts";
import type { ProblemList } from "./problem-list.ts";

type HashedLevel = Extract<Level, { kind: "hashed" }>;

/**
 * Checks the tables of a hashed level: each a power of two of slots, each coordinate once, and none behind a free slot
 * on its way from home. Linear in the slots, also for tables made to be slow. Ranges and coordinates must be in range.
 */
export function checkTables(level: HashedLevel, problems: ProblemList): void {
  const { positions, coordinates } = level;
  for (let p = 0; p + 1 < positions.length && !problems.full; p++) {
    const [start, end] = [positions[p]!, positions[p + 1]!];
    const slots = end - start;
    if ((slots & (slots - 1)) !== 0)
      problems.error(`a table of ${slots} slots for parent ${p}`, "a power of two", start);
    else if (slots > 0) checkProbing(coordinates.subarray(start, end), start, problems);
  }
  checkRepeats(level, problems);
}

/** Every slot between a coordinate's home and its place must be taken, or a search would stop short. */
function checkProbing(table: Int32Array, start: number, problems: ProblemList): void {
  const slots = table.length;
  const free = table.lastIndexOf(freeSlot);
  if (free < 0) return;
  let run = 0;
  for (let step = 1; step <= slots && !problems.full; step++) {
    const slot = (free + step) & (slots - 1);
    const coordinate = table[slot]!;
    if (coordinate === freeSlot) {
      run = 0;
      continue;
    }
    const home = homeSlot(coordinate, slots);
    if (((slot - home) & (slots - 1)) > run) {
      problems.error(
        `coordinate ${coordinate} cannot be found from slot ${start + home}`,
        "no free slot on the way",
        start + slot,
      );
    }
    run += 1;
  }
}

function checkRepeats(level: HashedLevel, problems: ProblemList): void {
  const { positions, coordinates } = level;
  const parents = new Int32Array(coordinates.length);
  const taken = new Int32Array(coordinates.length);
  let count = 0;
  for (let p = 0; p + 1 < positions.length; p++) {
    for (let q = positions[p]!; q < positions[p + 1]!; q++) {
      if (coordinates[q] === freeSlot) continue;
      parents[count] = p;
      taken[count++] = q;
    }
  }
  const slots = taken.subarray(0, count);
  const order = sortedOrder([parents, gather(coordinates, slots)], count);
  for (let e = 1; e < count && !problems.full; e++) {
    const [before, here] = order === undefined ? [e - 1, e] : [order[e - 1]!, order[e]!];
    if (parents[before] !== parents[here] || coordinates[slots[before]!] !== coordinates[slots[here]!]) continue;
    problems.error(
      `coordinate ${coordinates[slots[here]!]} stands twice in one table`,
      "each coordinate once",
      slots[here],
    );
  }
}
