/**
 * Outputs of a graph, put together from what its writers took in.
 */
import { type CoordinateList, type Level, pack, type Tensor, type TensorFormat } from "@millrace/tensor";
import type { GrowingFloat64, GrowingInt32 } from "../../blocks/write/growing.ts";
import { FuseflowError } from "../../errors.ts";
import type { SamBlock, SamGraph } from "../../sam/graph.ts";
import type { Machine } from "../machine.ts";
import type { SamNode } from "../make-block.ts";
import { levelSize, type Operands, operandOf } from "../operand-arrays.ts";
import { type FiberStructure, matchFibers, nonemptyFibers } from "./fiber-structure.ts";
import { packTiles, type TiledValues } from "./pack-tiles.ts";

/** A writer of coordinates. */
export type LevelWriterBlock = Extract<SamBlock, { type: "write-level" }>;

/**
 * The tensors that `graph` writes, by name.
 *
 * @throws {FuseflowError} `output-shape` if the writers of a tensor do not fit together, `graph-invalid` if it lacks one.
 */
export function assembleOutputs(
  graph: SamGraph,
  { blocks: nodes, tiles }: Pick<Machine, "blocks" | "tiles">,
  operands: Operands,
): Record<string, Tensor> {
  const extents = indexExtents(graph, operands, tiles === null ? "level" : "mode");
  const outputs: Record<string, Tensor> = {};
  for (const block of graph.blocks) {
    if (block.type !== "write-values") continue;
    const values = (nodes.get(block.id) as SamNode & { written: GrowingFloat64 }).written.view().slice();
    const levels = levelWriters(graph, block.tensor);
    const fibers = levels.map((_, level) => levelFibers(levels, level, nodes));
    const tiled = tiles === null || block.tile === undefined ? null : { pool: tiles.pool, work: block.tile };
    outputs[block.tensor] = assemble({ graph, tensor: block.tensor, levels, fibers, values, extents, tiled });
  }
  return outputs;
}

/** What one output is made of. */
interface Parts {
  readonly graph: SamGraph;
  readonly tensor: string;
  readonly levels: readonly LevelWriterBlock[];
  readonly fibers: readonly FiberStructure[];
  readonly values: Float64Array;
  /** Per index, in elements. */
  readonly extents: ReadonlyMap<string, number>;
  readonly tiled: TiledValues | null;
}

function assemble(parts: Parts): Tensor {
  const { graph, tensor, levels, fibers, values, tiled } = parts;
  const positions = fibers.at(-1)?.coordinates.length ?? 1;
  if (values.length !== positions) {
    throw new FuseflowError(
      "output-shape",
      `tensor ${tensor} was written with ${values.length} values for ${positions} positions of its last level`,
    );
  }
  const modeOrder = graph.tensors[tensor]?.modeOrder ?? levels.map((_, level) => level);
  const format: TensorFormat = { levels: levels.map(({ format }) => ({ kind: format })), modeOrder };
  const tile = graph.tensors[tensor]?.tile;
  const sizes = levels.map((level, l) => extentOf(level, fibers[l]!, parts.extents, tile?.[modeOrder[l]!] ?? 1));
  const shape = sizes.map((_, mode) => sizes[modeOrder.indexOf(mode)]!);
  if (tiled !== null) {
    const corners = modeCoordinates(fibers, modeOrder);
    return packTiles({ shape, format, corners, values, tile: tile ?? shape.map(() => 1) }, tiled);
  }
  if (levels.some(({ format }) => format !== "compressed")) {
    return pack({ shape, coordinates: modeCoordinates(fibers, modeOrder), valueType: "float64", values }, format);
  }
  const stored = fibers.map((fiber, l): Level => ({ kind: "compressed", size: sizes[l]!, ...fiber }));
  return { shape, format, levels: stored, valueType: "float64", values };
}

function extentOf(
  level: LevelWriterBlock,
  fiber: FiberStructure,
  extents: ReadonlyMap<string, number>,
  tile: number,
): number {
  const largest = fiber.coordinates.reduce((most, coordinate) => Math.max(most, coordinate), -1);
  const known = extents.get(level.index) ?? 0;
  // The last tile may stick out.
  return Math.ceil(known / tile) > largest ? known : (largest + 1) * tile;
}

/** Coordinates of every entry, by mode. */
function modeCoordinates(
  fibers: readonly FiberStructure[],
  modeOrder: readonly number[],
): CoordinateList["coordinates"] {
  const count = fibers.at(-1)?.coordinates.length ?? 0;
  const byMode: Int32Array[] = modeOrder.map(() => new Int32Array(count));
  // Per entry, its position in the level at hand, innermost level first.
  const position = Int32Array.from({ length: count }, (_, entry) => entry);
  for (let l = fibers.length - 1; l >= 0; l--) {
    const { coordinates, positions } = fibers[l]!;
    const target = byMode[modeOrder[l]!]!;
    let parent = 0;
    for (let entry = 0; entry < count; entry++) {
      const at = position[entry]!;
      target[entry] = coordinates[at]!;
      while (positions[parent + 1]! <= at) parent += 1;
      position[entry] = parent;
    }
  }
  return byMode;
}

/**
 * The level writers of a tensor, outermost level first.
 *
 * @throws {FuseflowError} `graph-invalid` if a level has none, or two.
 */
export function levelWriters(graph: SamGraph, tensor: string): LevelWriterBlock[] {
  const levels = graph.blocks.filter(
    (block): block is LevelWriterBlock => block.type === "write-level" && block.tensor === tensor,
  );
  levels.sort((a, b) => a.level - b.level);
  levels.forEach((block, level) => {
    if (block.level === level) return;
    throw new FuseflowError("graph-invalid", `tensor ${tensor} has no writer for level ${level}, or two`);
  });
  return levels;
}

function levelFibers(
  levels: readonly LevelWriterBlock[],
  level: number,
  nodes: ReadonlyMap<string, SamNode>,
): FiberStructure {
  const written = (l: number): Int32Array =>
    (nodes.get(levels[l]!.id) as SamNode & { written: GrowingInt32 }).written.view();
  const inner = written(level);
  const outer = level === 0 ? null : written(level - 1);
  const parents = outer === null ? 1 : outer.reduce((count, token) => count + (token >= 0 ? 1 : 0), 0);
  // A stream without its empty fibres, of which nothing is left, has lost its last stop too.
  if (inner.length === 0 && parents <= 1) return { positions: new Int32Array(parents + 1), coordinates: inner };
  const merged = levels[level]!.mergeEmptyFibers ? nonemptyFibers(inner, parents) : null;
  const fibers = merged ?? matchFibers(inner, outer);
  if (fibers !== null) return fibers;
  const { tensor, id } = levels[level]!;
  throw new FuseflowError(
    "output-shape",
    `the coordinates written by block ${id} do not form one fibre for each of the ${parents} positions above level ${level} of tensor ${tensor}`,
  );
}

/** Extents of the index variables that scanners and locators of the graph walk: those of levels, or of the modes they store. */
export function indexExtents(
  graph: SamGraph,
  operands: Operands,
  of: "level" | "mode" = "level",
): ReadonlyMap<string, number> {
  const extents = new Map<string, number>();
  for (const block of graph.blocks) {
    if (block.type !== "scanner" && block.type !== "locate") continue;
    const tensor = operandOf(operands, block.tensor, block.id);
    const level = levelSize(tensor, block.level, { tensor: block.tensor, block: block.id });
    const size = of === "level" ? level : tensor.shape[tensor.format.modeOrder[block.level]!]!;
    extents.set(block.index, Math.max(extents.get(block.index) ?? 0, size));
  }
  return extents;
}
