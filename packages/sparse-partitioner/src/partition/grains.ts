/** Grains: a division that depends on the work alone, never on the number of units. */
import { totalWork, type WorkSpace } from "./work.ts";

/** Events of one grain unless asked otherwise: enough that the search stays below one hundredth of the work. */
export const defaultGrain: number = 2048;

/** How many grains of `grain` events a space has: at least 1, whatever the number of units that will share them. */
export function grainCount(space: WorkSpace, grain: number = defaultGrain): number {
  return Math.max(1, Math.ceil(totalWork(space) / grain));
}

/** First grain of each of `units` units and, last, the number of grains: unit u runs grains[u] up to grains[u + 1]. */
export function grainsOfUnits(grains: number, units: number): number[] {
  return Array.from({ length: units + 1 }, (_, u) => Math.floor((u * grains) / units));
}
