/** What is known of how a tensor is stored, from its format and from its data. */
import { parseFormat, type Tensor, type TensorFormat } from "@millrace/tensor";
import type { StoredTensor } from "../region/netlist.ts";
import type { SamLevelKind } from "../sam/graph.ts";

/** A tensor of a format, of which nothing else is known: only dense levels hold every coordinate. */
export function storedAs(format: string, shape: readonly number[]): StoredTensor {
  const { levels, modeOrder } = parseFormat(format, shape.length);
  const dense = levels.map(({ kind }) => kind === "dense");
  return {
    levels: levels.map(({ kind }) => kind as SamLevelKind),
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
    if (level.kind !== "compressed") {
      complete.push(level.kind === "dense");
      nonempty.push(level.kind === "dense" && level.size > 0);
      continue;
    }
    const { positions, coordinates, size } = level;
    complete.push(coordinates.length === (positions.length - 1) * size);
    nonempty.push(positions.every((position, at) => at === 0 || position > positions[at - 1]!));
  }
  const kinds = format.levels.map(({ kind }) => kind as SamLevelKind);
  return {
    levels: kinds,
    modeOrder: format.modeOrder,
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
    if (level.kind === "compressed") starts = starts.map((position) => level.positions[position]!);
    else starts = starts.map((position) => position * level.size);
  }
  for (let position = 0; position < positions; position++) work[position] = starts[position + 1]! - starts[position]!;
  return levels.length < 2 ? work.fill(values.length === 0 ? 0 : 1) : work;
}

/** The tensor format of a stored tensor. */
export function formatOfStored({ levels, modeOrder }: StoredTensor): TensorFormat {
  return { levels: levels.map((kind) => ({ kind })), modeOrder };
}

/** Level letters and mode digits of a stored tensor, as in `ds01`. */
export function storedName({ levels, modeOrder }: StoredTensor): string {
  const letters = levels.map((kind) => (kind === "dense" ? "d" : "s")).join("");
  return `${letters}${modeOrder.join("")}`;
}
