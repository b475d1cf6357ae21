/** What is known of how a tensor is stored, from its format and from its data. */
import { parseFormat, type Tensor, type TensorFormat, tileShape } from "@millrace/tensor";
import { FuseflowError } from "../errors.ts";
import type { StoredTensor } from "../region/netlist.ts";
import type { SamLevelKind, SamTensor } from "../sam/graph.ts";
import { maximumTile } from "../sam/tile-work.ts";

/** A tensor of a format, of which nothing else is known: only dense levels hold every coordinate. */
export function storedAs(format: string, shape: readonly number[]): StoredTensor {
  const parsed = parseFormat(format, shape.length);
  const { levels, modeOrder, ...tile } = outsideTiles(parsed, shape.length);
  const dense = levels.map((kind) => kind === "dense");
  return {
    ...tile,
    levels,
    modeOrder,
    shape,
    complete: dense,
    nonempty: dense.map((full, level) => full && shape[modeOrder[level]!]! > 0),
  };
}

/** A stored tensor with what its data shows: levels whose fibres hold every coordinate, or one at least. */
export function storedTensor(tensor: Tensor): StoredTensor {
  const { shape, format, levels } = tensor;
  const complete: boolean[] = [];
  const nonempty: boolean[] = [];
  for (const level of levels) {
    if (level.kind === "block") continue;
    if (level.kind !== "compressed") {
      complete.push(level.kind === "dense");
      nonempty.push(level.kind === "dense" && level.size > 0);
      continue;
    }
    const { positions, coordinates, size } = level;
    complete.push(coordinates.length === (positions.length - 1) * size);
    nonempty.push(positions.every((position, at) => at === 0 || position > positions[at - 1]!));
  }
  return {
    ...outsideTiles(format, shape.length),
    shape,
    complete,
    nonempty,
    entries: tensor.values.length,
    work: workBelow(tensor),
  };
}

/** Stored entries below each position of the outermost level. */
function workBelow({ levels, values }: Tensor): Float64Array {
  const [outermost] = levels;
  const positions = outermost?.kind === "compressed" ? outermost.coordinates.length : (outermost?.size ?? 1);
  const work = new Float64Array(positions);
  // Position of the next level where each outermost position begins.
  let starts = Int32Array.from({ length: positions + 1 }, (_, position) => position);
  for (const level of levels.slice(1)) {
    if (level.kind === "block") starts = starts.map((position) => position * level.blockSize);
    else if (level.kind === "compressed") starts = starts.map((position) => level.positions[position]!);
    else starts = starts.map((position) => position * level.size);
  }
  for (let position = 0; position < positions; position++) work[position] = starts[position + 1]! - starts[position]!;
  return levels.length < 2 ? work.fill(values.length === 0 ? 0 : 1) : work;
}

/** The levels of a format that are scanned, and its tiles. @throws {FuseflowError} `operand-format` for tiles not square */
function outsideTiles(format: TensorFormat, order: number): Pick<StoredTensor, "levels" | "modeOrder" | "tile"> {
  const tile = tileShape(format, order);
  const sizes = new Set(tile.filter((extent) => extent > 1));
  if (sizes.size > 1 || Math.max(1, ...sizes) > maximumTile) {
    const message = `tiles of ${tile.join(" x ")} are not worked on; they must be square, of at most ${maximumTile}`;
    throw new FuseflowError("operand-format", message);
  }
  const outer = format.levels.filter(({ kind }) => kind !== "block");
  const levels = outer.map(({ kind }) => kind as SamLevelKind);
  return { levels, modeOrder: format.modeOrder.slice(0, outer.length), ...(sizes.size > 0 && { tile }) };
}

/**
 * The format in which a graph reads and writes a tensor: its levels, then those inside its tiles, row by row.
 *
 * @example
 * formatOfStored({ levels: ["dense", "compressed"], modeOrder: [0, 1], tile: [4, 4] }).modeOrder; // => [0, 1, 0, 1]
 */
export function formatOfStored({ levels, modeOrder, tile = [] }: SamTensor): TensorFormat {
  const modes = [...tile.keys()].filter((mode) => tile[mode]! > 1);
  const outer = levels.map((kind) => ({ kind }));
  const blocks = modes.map((mode) => ({ kind: "block" as const, blockSize: tile[mode]! }));
  return { levels: [...outer, ...blocks], modeOrder: [...modeOrder, ...modes] };
}

/** Level letters and mode digits of a stored tensor, as in `ds01`, with the extents of its tiles: `ds01 in 4x4`. */
export function storedName({ levels, modeOrder, tile }: StoredTensor): string {
  const letters = levels.map((kind) => (kind === "dense" ? "d" : "s")).join("");
  return `${letters}${modeOrder.join("")}${tile === undefined ? "" : ` in ${tile.join("x")}`}`;
}
