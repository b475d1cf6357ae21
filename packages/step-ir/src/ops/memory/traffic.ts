/** What the four off-chip operators share: bytes per tile, and finding tiles in tensors. */
import { StepError } from "../../errors.ts";
import { multiply } from "../../extent/arithmetic.ts";
import type { Extent } from "../../extent/extent.ts";
import type { TensorContents } from "../../interpret/process.ts";
import type { Accounting, NodeContext, TensorType } from "../../program/operator.ts";
import { ruleError } from "../../program/rules.ts";
import { bytesOf, type ElementType } from "../../stream/element-type.ts";
import { TileValue } from "../../stream/value.ts";

/** Bytes of an element that a load brings in. */
export function loadedBytes(element: ElementType, { loadBytesPerF32 }: Accounting): Extent {
  const halved = element.kind === "tile" && element.scalar === "f32" && loadBytesPerF32 === 2;
  return halved ? multiply(2, element.rows, element.columns) : bytesOf(element);
}

/** Bytes an off-chip operator holds on chip: one element, or two if it is double-buffered. */
export function bufferedBytes(element: Extent, { profile }: Accounting): Extent {
  return profile === "paper" ? multiply(2, element) : element;
}

/** Rows and columns of a tile. */
export type TileShape = readonly [rows: number, columns: number];

/** @throws {StepError} `attribute-value` unless the tiles cover the tensor without rest. */
export function expectTiling(node: NodeContext, name: string, sizes: readonly number[]): TensorType {
  const tensor = node.tensor(name);
  const [rows = 0, columns = 0] = sizes;
  if (sizes.length === 2 && tensor.rows % rows === 0 && tensor.columns % columns === 0) return tensor;
  throw ruleError(node, {
    code: "attribute-value",
    fault: `tiles of [${sizes.join(", ")}] do not cover tensor '${name}' of [${tensor.rows}, ${tensor.columns}]`,
    rule: "a tile has rows and columns that divide those of the tensor",
  });
}

/** How many tiles a tensor has. */
export function tileCount(tensor: { rows: number; columns: number }, [rows, columns]: TileShape): number {
  return (tensor.rows / rows) * (tensor.columns / columns);
}

/** Tile number `index`, counted row by row. */
export function readTile(tensor: TensorContents, [rows, columns]: TileShape, index: number): TileValue {
  const numbers = new Float64Array(rows * columns);
  const from = firstNumber(tensor, [rows, columns], index);
  for (let row = 0; row < rows; row++) {
    const start = from + row * tensor.columns;
    numbers.set(tensor.numbers.subarray(start, start + columns), row * columns);
  }
  return new TileValue(rows, columns, numbers);
}

/** Puts `tile` in the place of tile number `index`. */
export function writeTile(tensor: TensorContents, tile: TileValue, index: number): void {
  const from = firstNumber(tensor, [tile.rows, tile.columns], index);
  for (let row = 0; row < tile.rows; row++) {
    const part = tile.numbers.subarray(row * tile.columns, (row + 1) * tile.columns);
    tensor.numbers.set(part, from + row * tensor.columns);
  }
}

/** @throws {StepError} `address-range` unless `index` is the number of a tile. */
export function expectAddress(
  node: NodeContext,
  tensor: { readonly rows: number; readonly columns: number },
  tile: TileShape,
  index: number,
): void {
  const count = tileCount(tensor, tile);
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new StepError(
    "address-range",
    `${node.operator} "${node.id}": address ${index} is not a tile; there are ${count}`,
    {
      node: node.id,
    },
  );
}

function firstNumber(tensor: TensorContents, [rows, columns]: TileShape, index: number): number {
  const perRow = tensor.columns / columns;
  return Math.floor(index / perRow) * rows * tensor.columns + (index % perRow) * columns;
}
