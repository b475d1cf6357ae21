import { tileShape } from "../../format/level-extents.ts";
import type { TensorFormat } from "../../format/level-format.ts";
import type { CoordinateList } from "../tensor.ts";

/** The coordinate of every entry in each level of a format: that of the mode, of its block, or inside the block. */
export function levelCoordinates(list: CoordinateList, format: TensorFormat): Int32Array[] {
  const tile = tileShape(format, list.shape.length);
  return format.levels.map((level, l) => {
    const mode = format.modeOrder[l]!;
    const coordinates = list.coordinates[mode]!;
    const extent = tile[mode]!;
    if (level.kind === "block") return coordinates.map((coordinate) => coordinate % extent);
    return extent === 1 ? coordinates : coordinates.map((coordinate) => (coordinate / extent) | 0);
  });
}
