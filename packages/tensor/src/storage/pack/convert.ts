import { TensorError } from "../../errors.ts";
import type { TensorFormat } from "../../format/level-format.ts";
import type { Tensor } from "../tensor.ts";
import { type PackOptions, pack } from "./pack.ts";
import { unpack } from "./unpack.ts";

/**
 * The same tensor stored in another format, with arrays of its own. Explicit zeros stay where the new format can mark
 * them; fill zeros of dense and block levels do not become entries.
 *
 * @throws {TensorError} as `pack`
 *
 * @example
 * ```ts
 * const rows = pack(coordinateList([2, 2], [[0, 1, 5]]), csr);
 * formatName(convert(rows, parseFormat("BCSR(2x2)")).format); // => "BCSR(2x2)"
 * ```
 */
export function convert(tensor: Tensor, format: TensorFormat, options: PackOptions = {}): Tensor {
  return pack(unpack(tensor, { zeros: options.zeros === "drop" ? "drop" : "explicit" }), format, options);
}

/** How {@link transpose} stores its result. */
export interface TransposeOptions extends PackOptions {
  /** Format of the result. Unless given, nothing moves: the result shares all arrays, under another mode order. */
  readonly format?: TensorFormat;
}

/**
 * The tensor whose mode m is mode `modes[m]` of the given one: `transpose(matrix, [1, 0])`.
 *
 * Without a format this costs nothing and shares memory: rows stored compressed become columns stored compressed.
 *
 * @throws {TensorError} `shape-invalid` unless `modes` is a permutation of the modes; as `pack` where a format is given
 *
 * @example
 * ```ts
 * const rows = pack(coordinateList([2, 3], [[0, 2, 5]]), csr);
 * const columns = transpose(rows, [1, 0]);
 * columns.shape; // => [3, 2]
 * formatName(columns.format); // => "CSC"
 * ```
 */
export function transpose(tensor: Tensor, modes: readonly number[], options: TransposeOptions = {}): Tensor {
  const order = tensor.shape.length;
  if (modes.length !== order || new Set(modes).size !== order || !modes.every((mode) => mode in tensor.shape)) {
    throw new TensorError("shape-invalid", `(${modes.join(", ")}) is not a permutation of the ${order} modes`);
  }
  const { format, ...packing } = options;
  const turned: Tensor = {
    ...tensor,
    shape: modes.map((mode) => tensor.shape[mode]!),
    format: { levels: tensor.format.levels, modeOrder: tensor.format.modeOrder.map((mode) => modes.indexOf(mode)) },
  };
  return format === undefined ? turned : convert(turned, format, packing);
}
