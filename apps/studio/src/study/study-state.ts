/** What the panel of a study remembers in its address: brushes, the chosen evaluation, the objective. */
import type { Brushes } from "./coordinates.ts";

/**
 * Brushes as a text: `tile:0.25:0.5`, joined by semicolons; names are percent-encoded.
 *
 * @example
 * printBrushes({ tile: [0.25, 0.5] }); // => "tile:0.25:0.5"
 */
export function printBrushes(brushes: Brushes): string {
  return Object.entries(brushes)
    .map(([name, [low, high]]) => `${encodeURIComponent(name)}:${rounded(low)}:${rounded(high)}`)
    .join(";");
}

/** Reads what {@link printBrushes} prints; what is no brush is left out. */
export function parseBrushes(text: string): Brushes {
  const brushes = text.split(";").flatMap((part) => {
    const [, name, low, high] = /^([^:]+):(-?\d{1,3}(?:\.\d{1,9})?):(-?\d{1,3}(?:\.\d{1,9})?)$/.exec(part) ?? [];
    if (name === undefined || Number(low) > Number(high)) return [];
    try {
      return [[decodeURIComponent(name), [Number(low), Number(high)]] as const];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(brushes);
}

/** The number that a text names if it is one of `count`. */
export function parseIndex(text: string, count: number): number | undefined {
  return /^\d{1,9}$/.test(text) && Number(text) < count ? Number(text) : undefined;
}

function rounded(place: number): number {
  return Math.round(place * 1e4) / 1e4;
}
