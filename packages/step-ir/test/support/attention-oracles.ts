/**
 * Cycles of decode attention from the lengths of the caches alone: what the published runs follow.
 *
 * A request with T tiles keeps its region for 82·T + 169 cycles; a run ends 4 cycles after the last.
 */

const cyclesOf = (tiles: number): number => 82 * tiles + 169;

/** Blocks of `block` neighbours go to the four regions in turn. */
export function coarseCycles(tiles: readonly number[], block = 16): number {
  const regions = [0, 0, 0, 0];
  for (const [request, count] of tiles.entries()) regions[Math.floor(request / block) % 4]! += cyclesOf(count);
  return Math.max(...regions) + 4;
}

/** Each request goes to the region that is free first. */
export function dynamicCycles(tiles: readonly number[]): number {
  const regions = [0, 0, 0, 0];
  for (const count of tiles) regions[regions.indexOf(Math.min(...regions))]! += cyclesOf(count);
  return Math.max(...regions) + 4;
}

/** Requests go to the regions in turn, and wait for those before them; 611 and 6 are fitted to the published runs. */
export function interleavedCycles(tiles: readonly number[]): number {
  const finished: number[] = [];
  const last: number[] = [];
  for (const [request, count] of tiles.entries()) {
    const start = request < 4 ? 0 : Math.max(finished[request - 4]!, last[request - 4]! - 611);
    finished.push(start + cyclesOf(count));
    last.push(Math.max(finished[request]!, (last[request - 1] ?? 0) + 6));
  }
  return last.at(-1)! + 4;
}
