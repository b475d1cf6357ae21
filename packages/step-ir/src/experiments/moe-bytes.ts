/** Bytes of a layer of experts in closed form, from the rows of each expert alone: what a simulated layer is checked against. */

import type { Model } from "../workloads/models.ts";
import type { Tiling } from "../workloads/moe-options.ts";

/** A layer whose experts have a pipeline each, on equal settings. */
export interface MoeBytesOptions {
  readonly model: Pick<Model, "hidden" | "inner" | "chosen">;
  /** Rows of each expert. */
  readonly counts: readonly number[];
  /** Tokens of the batch. */
  readonly batch: number;
  readonly tiling: Tiling;
  /** Columns of a tile of the inner size; 64 unless given. */
  readonly tileInner?: number;
}

/** Bytes moved to and from memory, and bytes held on chip. */
export interface MoeBytes {
  readonly offChip: number;
  readonly onChip: number;
}

/**
 * Every tile of rows loads the three weight matrices of its expert, of two bytes an element; tokens are read once, and once for
 * each expert that they go to, and results are written. On chip are a double-buffered weight tile and the rows of each expert.
 *
 * @example
 * const model = { hidden: 8, inner: 16, chosen: 1 };
 * const counts = [3, 1];
 * const bytes = moeBytes({ model, counts, batch: 4, tiling: { kind: "dynamic" }, tileInner: 4 });
 * bytes.offChip; // => 1736
 */
export function moeBytes({ model, counts, batch, tiling, tileInner = 64 }: MoeBytesOptions): MoeBytes {
  const { hidden, inner, chosen } = model;
  const tiles = counts.map((count) => (tiling.kind === "static" ? Math.ceil(count / tiling.rows) : Math.sign(count)));
  const loads = tiles.reduce((sum, count) => sum + count, 0);
  const held = counts.map((count) => (tiling.kind === "static" ? tiling.rows : count));
  const rows = held.reduce((sum, count) => sum + count, 0);
  return {
    offChip: loads * 3 * hidden * inner * 2 + 2 * batch * hidden + 2 * batch * chosen + 4 * batch * hidden,
    onChip: counts.length * 6 * hidden * tileInner + 12 * hidden * rows + 10 * hidden + 2,
  };
}
