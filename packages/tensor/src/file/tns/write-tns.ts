import { TensorError } from "../../errors.ts";
import { maximumOrder } from "../../limits.ts";
import { checkCoordinateList } from "../../storage/coordinates/coordinate-list.ts";
import type { CoordinateList } from "../../storage/tensor.ts";
import { commentLines, encodeLines, formatNumber } from "../text/write-lines.ts";
import type { TnsDialect } from "./dialect.ts";

/** How a `.tns` file is written. */
export interface TnsWriteOptions {
  /** Default `frostt`. */
  readonly dialect?: TnsDialect;
  /** Comment lines at the start. */
  readonly comments?: readonly string[];
}

/**
 * Writes entries in their order, as real numbers. A `frostt` file states no extents: trailing empty slices are lost.
 *
 * @throws {TensorError} `shape-invalid` for scalars and more than 64 modes, `value-range` for complex values.
 *
 * @example
 * ```ts
 * const bytes = joinBytes(writeTns(coordinateList([2, 2, 2], [[1, 0, 1, 5]])));
 * new TextDecoder().decode(bytes); // => "2 1 2 5\n"
 * ```
 */
export function writeTns(list: CoordinateList, options: TnsWriteOptions = {}): Generator<Uint8Array, void, undefined> {
  checkCoordinateList(list);
  const order = list.shape.length;
  if (order < 1 || order > maximumOrder)
    throw new TensorError("shape-invalid", `a .tns file holds 1 to ${maximumOrder} modes, not ${order}`);
  if (list.valueType === "complex128")
    throw new TensorError(
      "value-range",
      "a .tns file holds real values; complex ones go into Matrix Market or .npz files",
    );
  return encodeLines(lines(list, options.dialect ?? "frostt", options.comments ?? []));
}

function* lines(
  list: CoordinateList,
  dialect: TnsDialect,
  comments: readonly string[],
): Generator<string, void, undefined> {
  const { shape, coordinates, values } = list;
  const base = dialect === "genten" ? 0 : 1;
  // The marker that tells this dialect's header from entries has to come first.
  if (dialect === "extended-frostt") yield "# extended FROSTT format\n";
  yield* commentLines("#", comments);
  yield headerLines(dialect, shape, values.length);
  for (let entry = 0; entry < values.length; entry++) {
    let line = "";
    for (let mode = 0; mode < shape.length; mode++) line += `${coordinates[mode]![entry]! + base} `;
    yield `${line}${formatNumber(values[entry]!)}\n`;
  }
}

function headerLines(dialect: TnsDialect, shape: readonly number[], entries: number): string {
  const extents = shape.join(" ");
  if (dialect === "parti") return `${shape.length}\n${extents}\n`;
  if (dialect === "genten") return `sptensor\n${shape.length}\n${extents}\n${entries}\n`;
  return dialect === "extended-frostt" ? `${shape.length} ${entries}\n${extents}\n` : "";
}
