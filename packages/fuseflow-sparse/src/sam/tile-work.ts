/** Reads what a block does with tiles, and counts the operations of it. */
import type { TileWork } from "./graph.ts";

/** Largest extent of a tile. */
export const maximumTile = 64;

/** Most axes of one tile. */
export const maximumTileAxes = 4;

/** Axes of the tiles that a block takes and gives: one letter for each. */
export interface TileAxes {
  readonly inputs: readonly string[];
  readonly output: string;
  /** Letters of the inputs that the output lacks: summed away. */
  readonly summed: string;
}

const side = /^[a-z]*$/;

/** The axes of a text such as `ab,bc->ac`; null if it is none. */
export function parseTileAxes(text: string): TileAxes | null {
  const [left, output, ...rest] = text.split("->");
  if (left === undefined || output === undefined || rest.length > 0) return null;
  const inputs = left === "" ? [] : left.split(",");
  const parts = [...inputs, output];
  const distinct = parts.every((part) => side.test(part) && new Set(part).size === part.length);
  if (!distinct || parts.some((part) => part.length > maximumTileAxes)) return null;
  const known = new Set(inputs.join(""));
  // An array has no inputs: it makes its axes.
  if (inputs.length > 0 && [...output].some((axis) => !known.has(axis))) return null;
  const summed = [...known].filter((axis) => !output.includes(axis)).join("");
  return { inputs, output, summed };
}

/** Whether a tile can have this extent along a mode; 1 stands for no axis. */
export function isTileExtent(extent: number): boolean {
  return Number.isInteger(extent) && extent >= 1 && extent <= maximumTile;
}

/** Whether a text gives axes of tiles. */
export function isTileAxes(text: string): boolean {
  return parseTileAxes(text) !== null;
}

/** The axes of a block's tiles. @throws {RangeError} for a graph that was not checked */
export function axesOf({ axes }: TileWork): TileAxes {
  const parsed = parseTileAxes(axes);
  if (parsed === null) throw new RangeError(`"${axes}" gives no axes of tiles`);
  return parsed;
}

/** Axes from names that mean something outside a block: each name becomes a letter, in order of appearance. */
export function tileWork(size: number, inputs: readonly (readonly string[])[], output: readonly string[]): TileWork {
  const names = [...new Set([...inputs.flat(), ...output])];
  const letters = (axes: readonly string[]): string =>
    axes.map((axis) => String.fromCharCode(97 + names.indexOf(axis))).join("");
  return { size, axes: `${inputs.map(letters).join(",")}->${letters(output)}` };
}

/** Elements of a tile of `axes` axes. */
export function tileVolume({ size }: TileWork, axes: string): number {
  return size ** axes.length;
}

/** Operations on numbers for one value that a block takes: products or functions, and the additions along axes summed away. */
export function tileOperations(work: TileWork): number {
  const { inputs, output, summed } = axesOf(work);
  const points = work.size ** new Set(inputs.join("")).size;
  if (summed === "" || inputs.length < 2) return points;
  return 2 * points - work.size ** output.length;
}
