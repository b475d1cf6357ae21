/** The tiles of a machine: those of its operands, and the units that work on tiles. */
import { type Level, levelExtents, type Tensor, tileShape } from "@millrace/tensor";
import { FuseflowError } from "../errors.ts";
import type { SamBlock, SamGraph } from "../sam/graph.ts";
import { axesOf } from "../sam/tile-work.ts";
import { TileCombination } from "../tiles/combine-tiles.ts";
import { mapTile } from "../tiles/map-tile.ts";
import { TileSum } from "../tiles/sum-tiles.ts";
import { TilePool } from "../tiles/tile-pool.ts";
import { type Operands, operandOf, valuesOf } from "./operand-arrays.ts";

/** Size of the tiles of a graph, null where values are numbers. @throws {FuseflowError} `graph-invalid` for two sizes */
export function tileSizeOf({ blocks }: SamGraph): number | null {
  const sizes = new Set(
    blocks.flatMap((block) => ("tile" in block && block.tile !== undefined ? [block.tile.size] : [])),
  );
  const [size = null, other] = sizes;
  if (other === undefined) return size;
  throw new FuseflowError("graph-invalid", `the graph works on tiles of ${size} and of ${other}; it needs one size`);
}

/** Tiles of one simulation. */
export class TileStore {
  readonly pool: TilePool;
  readonly #graph: SamGraph;
  readonly #operands: Operands;
  readonly #arrays = new Map<string, Float64Array>();

  /** @throws {FuseflowError} `operand-missing`, `operand-format` for an operand that does not store the graph's tiles */
  constructor(graph: SamGraph, operands: Operands, size: number) {
    this.pool = new TilePool(size);
    this.#graph = graph;
    this.#operands = operands;
    for (const block of graph.blocks) {
      if (block.type === "array" && !this.#arrays.has(block.tensor))
        this.#arrays.set(block.tensor, this.#operandTiles(block.tensor, block.id));
    }
  }

  /** The numbers of the tiles of an operand, by position. */
  array(tensor: string): Float64Array {
    return this.#arrays.get(tensor)!;
  }

  combination(block: Extract<SamBlock, { type: "alu" }>): TileCombination | null {
    return block.tile === undefined ? null : new TileCombination(this.pool, block.operation, axesOf(block.tile));
  }

  sum(block: Extract<SamBlock, { type: "reduce" | "spacc" }>): TileSum | null {
    const operation = block.type === "reduce" && block.operation === "max" ? "max" : "add";
    return block.tile === undefined ? null : new TileSum(this.pool, operation, axesOf(block.tile));
  }

  /** A function of numbers as one of tiles. */
  map(block: Extract<SamBlock, { type: "unary" }>, of: (value: number) => number): (value: number) => number {
    if (block.tile === undefined) return of;
    const axes = axesOf(block.tile).output.length;
    return (tile) => mapTile(this.pool, tile, { axes, of });
  }

  #operandTiles(name: string, block: string): Float64Array {
    const tensor = operandOf(this.#operands, name, block);
    const wanted = this.#graph.tensors[name]?.tile;
    const values = valuesOf(tensor, name);
    // Numbers in a graph of tiles: what has no axis of them.
    const tile = wanted ?? tensor.shape.map(() => 1);
    refuseOtherTiles(tensor, tile, name);
    const modes = [...tile.keys()].filter((mode) => tile[mode]! > 1);
    const volume = this.pool.size ** modes.length;
    const coordinates = outerCoordinates(tensor, values.length / volume);
    return Float64Array.from({ length: values.length / volume }, (_, position) => {
      const extents = modes.map((mode) => {
        const begin = coordinates[mode]![position]! * this.pool.size;
        return Math.min(this.pool.size, tensor.shape[mode]! - begin);
      });
      return this.pool.addOperand(values.subarray(position * volume, (position + 1) * volume), extents);
    });
  }
}

function refuseOtherTiles({ format, shape }: Tensor, tile: readonly number[], name: string): void {
  const stored = tileShape(format, shape.length);
  const inside = format.modeOrder.filter((_, level) => format.levels[level]!.kind === "block");
  const byRows = inside.every((mode, at) => at === 0 || mode > inside[at - 1]!);
  if (stored.join() === tile.join() && byRows) return;
  const message = `tensor ${name} is stored in tiles of ${stored.join(" x ")}, but the graph reads tiles of ${tile.join(" x ")}, row by row`;
  throw new FuseflowError("operand-format", message);
}

/** Coordinate along each mode of every position of the innermost level outside the tiles. */
function outerCoordinates(tensor: Tensor, positions: number): readonly Int32Array[] {
  const { format, levels, shape } = tensor;
  const outer = levels.filter(({ kind }) => kind !== "block");
  const sizes = levelExtents(format, shape);
  const result = shape.map(() => new Int32Array(positions));
  const at = Int32Array.from({ length: positions }, (_, position) => position);
  for (let l = outer.length - 1; l >= 0; l--) {
    const parents = parentsOf(outer[l]!);
    const coordinates = result[format.modeOrder[l]!]!;
    for (let p = 0; p < positions; p++) {
      const position = at[p]!;
      if (parents === null) {
        coordinates[p] = position % sizes[l]!;
        at[p] = Math.floor(position / sizes[l]!);
      } else {
        coordinates[p] = parents.coordinates[position]!;
        at[p] = parents.of[position]!;
      }
    }
  }
  return result;
}

/** Of a compressed level: the coordinate and the parent of each position; null for a dense one. */
function parentsOf(level: Level): { readonly coordinates: Int32Array; readonly of: Int32Array } | null {
  if (level.kind === "dense") return null;
  if (level.kind !== "compressed")
    throw new FuseflowError("operand-format", `tiles below a ${level.kind} level have no scanner`);
  const { positions, coordinates } = level;
  const of = new Int32Array(coordinates.length);
  for (let parent = 0; parent + 1 < positions.length; parent++)
    of.fill(parent, positions[parent]!, positions[parent + 1]!);
  return { coordinates, of };
}
