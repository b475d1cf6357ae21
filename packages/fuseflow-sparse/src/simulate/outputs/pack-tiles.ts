import { pack, type Tensor, type TensorFormat } from "@millrace/tensor";
import type { TileWork } from "../../sam/graph.ts";
import { axesOf } from "../../sam/tile-work.ts";
import type { TilePool } from "../../tiles/tile-pool.ts";

/** Where the written numbers of tiles lead, and the axes of the tiles. */
export interface TiledValues {
  readonly pool: TilePool;
  readonly work: TileWork;
}

/** What was written of a tensor of tiles. */
export interface WrittenTiles {
  /** In elements. */
  readonly shape: readonly number[];
  /** Of the levels outside the tiles. */
  readonly format: TensorFormat;
  /** Per mode, the coordinate of each tile. */
  readonly corners: readonly Int32Array[];
  /** Numbers of tiles. */
  readonly values: Float64Array;
  /** Extent of a tile along each mode. */
  readonly tile: readonly number[];
}

/** The tensor, its tiles stored row by row below the levels of the format. What sticks out of the shape is left away. */
export function packTiles({ shape, format, corners, values, tile }: WrittenTiles, { pool, work }: TiledValues): Tensor {
  const modes = [...tile.keys()].filter((mode) => tile[mode]! > 1);
  const { inputs, output } = axesOf(work);
  // Axis of the written tiles for each mode that has one.
  const axes = [...output].map((axis) => (inputs[0] ?? "").indexOf(axis));
  const volume = pool.size ** modes.length;
  const offsets = modes.map((_, at) =>
    Int32Array.from({ length: volume }, (_, p) => Math.floor(p / pool.size ** (modes.length - 1 - at)) % pool.size),
  );
  const coordinates = shape.map(() => new Int32Array(values.length * volume));
  const numbers = new Float64Array(values.length * volume);
  let count = 0;
  for (let t = 0; t < values.length; t++) {
    const data = pool.data(values[t]!);
    const steps = axes.map((axis) => (pool.extent(values[t]!, axis) > 0 ? pool.size ** (axes.length - 1 - axis) : 0));
    for (let p = 0; p < volume; p++) {
      let from = 0;
      for (let mode = 0; mode < shape.length; mode++) coordinates[mode]![count] = corners[mode]![t]! * tile[mode]!;
      for (let at = 0; at < modes.length; at++) {
        coordinates[modes[at]!]![count]! += offsets[at]![p]!;
        from += offsets[at]![p]! * steps[at]!;
      }
      if (modes.some((mode) => coordinates[mode]![count]! >= shape[mode]!)) continue;
      numbers[count++] = data[from]!;
    }
  }
  const blocks = modes.map((mode) => ({ kind: "block" as const, blockSize: tile[mode]! }));
  const list = {
    shape,
    coordinates: coordinates.map((column) => column.subarray(0, count)),
    valueType: "float64" as const,
    values: numbers.subarray(0, count),
  };
  return pack(list, { levels: [...format.levels, ...blocks], modeOrder: [...format.modeOrder, ...modes] });
}
