/** A rectangle of two axes that is asked for. */

/** Least and most on the axis across and on the one upwards. */
export interface Region {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/**
 * Reads `10~20,3~4`; anything else is no region.
 *
 * @example
 * parseRegion("10~20,3~4").x; // => [10, 20]
 */
export function parseRegion(text: string): Region | undefined {
  const ends = text.split(",").map((part) => part.split("~").map(Number));
  const isStretch = (stretch: readonly number[] | undefined): stretch is [number, number] =>
    stretch?.length === 2 && stretch.every(Number.isFinite) && stretch[0]! <= stretch[1]!;
  const [x, y] = ends;
  return ends.length === 2 && text.length < 200 && isStretch(x) && isStretch(y) ? { x, y } : undefined;
}

/** Prints what {@link parseRegion} reads. */
export function printRegion({ x, y }: Region): string {
  return [x, y].map((ends) => ends.map((end) => Number(end.toPrecision(6))).join("~")).join(",");
}

/** Whether a point lies in a region. */
export function isWithin(region: Region, x: number, y: number): boolean {
  return x >= region.x[0] && x <= region.x[1] && y >= region.y[0] && y <= region.y[1];
}
