/** One sparse input of a model drawn anew, with other entries: by pattern and density. */
import {
  blockDiagonalMatrix,
  type CoordinateList,
  pack,
  powerLawRows,
  type Tensor,
  uniformTensor,
} from "@millrace/tensor";
import { FuseflowError } from "../errors.ts";

/** How entries lie. */
export type EntryPattern = "uniform" | "power-law" | "block-diagonal";

/** What is drawn. */
export interface RedrawOptions {
  readonly pattern: EntryPattern;
  /** Fraction of entries that are stored, above 0 up to 1; blocks on a diagonal come as near to it as blocks can. */
  readonly density: number;
  readonly seed: number;
}

/**
 * A matrix with the shape and format of `like`, drawn anew.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), figure 15: uniform, power law and block-diagonal inputs of
 * different sparsity.
 *
 * @throws {FuseflowError} `operand-format` for what is no matrix
 */
export function redrawnInput(like: Tensor, { pattern, density, seed }: RedrawOptions): Tensor {
  const { shape, format } = like;
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined || shape.length !== 2)
    throw new FuseflowError("operand-format", `entries are drawn for matrices, not for ${shape.length} modes`);
  const entries = Math.min(rows * columns, Math.max(1, Math.round(density * rows * columns)));
  const values = "quarters";
  const draw = (): CoordinateList => {
    if (pattern === "uniform") return uniformTensor({ shape, entries, seed, values });
    if (pattern === "power-law") return powerLawRows({ rows, columns, entries, exponent: 1, seed, values });
    return blocks(rows, columns, { density, seed });
  };
  return pack(draw(), format, { valueType: "float64" });
}

/** Full blocks along the diagonal that fill about a `density` part of a matrix; the last ones are cut to it. */
function blocks(
  rows: number,
  columns: number,
  { density, seed }: { readonly density: number; readonly seed: number },
): CoordinateList {
  const count = Math.min(rows, columns, Math.max(1, Math.round(1 / density)));
  const [blockRows, blockColumns] = [Math.ceil(rows / count), Math.ceil(columns / count)];
  const whole = blockDiagonalMatrix({ blocks: count, blockRows, blockColumns, seed, values: "quarters" });
  const kept = [...whole.values.keys()].filter(
    (entry) => whole.coordinates[0]![entry]! < rows && whole.coordinates[1]![entry]! < columns,
  );
  return {
    shape: [rows, columns],
    coordinates: whole.coordinates.map((column) => Int32Array.from(kept, (entry) => column[entry]!)),
    valueType: "float64",
    values: Float64Array.from(kept, (entry) => whole.values[entry]!),
  };
}
