import { TensorError } from "../../errors.ts";
import { checkCoordinateList } from "../../storage/coordinates/coordinate-list.ts";
import type { CoordinateList, Values, ValueType } from "../../storage/tensor.ts";
import { componentsOf } from "../../storage/value-array.ts";
import { checkDenseTensor, type DenseTensor } from "../dense-tensor.ts";
import type { Field, Symmetry } from "../header.ts";
import { commentLines, encodeLines, formatNumber } from "../text/write-lines.ts";
import { checkArraySymmetry, checkEntrySymmetry } from "./check-symmetry.ts";

/** How a matrix is written. */
export interface MatrixMarketWriteOptions {
  /** What becomes of the values: by default `integer` for int32, `complex` for complex128, else `real`. `pattern` drops them. */
  readonly field?: Field;
  /** Which half is left out; the matrix must have that symmetry. Default `general`. */
  readonly symmetry?: Symmetry;
  /** Comment lines behind the banner. */
  readonly comments?: readonly string[];
}

/**
 * Writes entries as a `coordinate` file, in their order. What is read back is equal, and so is what is written then.
 *
 * @throws {TensorError} `shape-invalid` unless it is a matrix, `structure-invalid` without the symmetry asked for,
 *   `value-range` for values that the field cannot hold, `format-invalid` for a combination that Matrix Market has not.
 *
 * @example
 * ```ts
 * const bytes = joinBytes(writeMatrixMarket(coordinateList([2, 2], [[1, 0, 5]])));
 * const [, size, entry] = new TextDecoder().decode(bytes).split("\n");
 * [size, entry]; // => ["2 2 1", "2 1 5"]
 * ```
 */
export function writeMatrixMarket(
  list: CoordinateList,
  options: MatrixMarketWriteOptions = {},
): Generator<Uint8Array, void, undefined> {
  checkCoordinateList(list);
  const kind = checkKind("coordinate", list, options);
  if (kind.symmetry !== "general") checkEntrySymmetry(list, kind.symmetry, kind.field === "pattern");
  return encodeLines(coordinateLines(list, kind, options.comments ?? []));
}

/** Writes every element as an `array` file. @throws {TensorError} as {@link writeMatrixMarket}; `shape-invalid` if the values do not fill the shape. */
export function writeMatrixMarketArray(
  array: DenseTensor,
  options: MatrixMarketWriteOptions = {},
): Generator<Uint8Array, void, undefined> {
  checkDenseTensor(array);
  const kind = checkKind("array", array, options);
  if (kind.symmetry !== "general") checkArraySymmetry(array, kind.symmetry);
  return encodeLines(arrayLines(array, kind, options.comments ?? []));
}

interface Kind {
  readonly field: Field;
  readonly symmetry: Symmetry;
}

interface Written {
  readonly shape: readonly number[];
  readonly valueType: ValueType;
  readonly values: Values;
}

function checkKind(
  layout: "coordinate" | "array",
  { shape, valueType, values }: Written,
  options: MatrixMarketWriteOptions,
): Kind {
  if (shape.length !== 2)
    throw new TensorError("shape-invalid", `Matrix Market holds matrices, not tensors of shape [${shape.join(", ")}]`);
  const { field = defaultField(valueType), symmetry = "general" } = options;
  const senseless =
    (layout === "array" && field === "pattern") ||
    (symmetry === "hermitian" && field !== "complex") ||
    (symmetry === "skew-symmetric" && field === "pattern");
  if (senseless)
    throw new TensorError("format-invalid", `Matrix Market has no ${layout} ${field} ${symmetry} matrices`);
  if (symmetry !== "general" && shape[0] !== shape[1])
    throw new TensorError("shape-invalid", `a ${symmetry} matrix is square, not ${shape.join(" x ")}`);
  if (field !== "pattern" && (field === "complex") !== (valueType === "complex128")) {
    throw new TensorError("value-range", `values of type ${valueType} are not written as ${field}; convert them first`);
  }
  const broken = field === "integer" ? values.findIndex((value) => !Number.isSafeInteger(value)) : -1;
  if (broken >= 0) throw new TensorError("value-range", `value ${broken} is ${values[broken]}, no integer up to 2^53`);
  return { field, symmetry };
}

function defaultField(valueType: ValueType): Field {
  if (valueType === "complex128") return "complex";
  return valueType === "int32" ? "integer" : "real";
}

function* coordinateLines(
  list: CoordinateList,
  { field, symmetry }: Kind,
  comments: readonly string[],
): Generator<string, void, undefined> {
  const [rows, columns] = list.coordinates as readonly [Int32Array, Int32Array];
  const { values } = list;
  const least = symmetry === "general" ? Number.NEGATIVE_INFINITY : symmetry === "skew-symmetric" ? 1 : 0;
  let stored = 0;
  for (let entry = 0; entry < rows.length; entry++) if (rows[entry]! - columns[entry]! >= least) stored++;
  yield `%%MatrixMarket matrix coordinate ${field} ${symmetry}\n`;
  yield* commentLines("%", comments);
  yield `${list.shape.join(" ")} ${stored}\n`;
  const parts = field === "pattern" ? 0 : componentsOf(list.valueType);
  for (let entry = 0; entry < rows.length; entry++) {
    if (rows[entry]! - columns[entry]! < least) continue;
    let line = `${rows[entry]! + 1} ${columns[entry]! + 1}`;
    for (let part = 0; part < parts; part++) line += ` ${formatNumber(values[entry * parts + part]!)}`;
    yield `${line}\n`;
  }
}

function* arrayLines(
  { shape, valueType, values }: DenseTensor,
  { field, symmetry }: Kind,
  comments: readonly string[],
): Generator<string, void, undefined> {
  const [rows, columns] = shape as readonly [number, number];
  const parts = componentsOf(valueType);
  yield `%%MatrixMarket matrix array ${field} ${symmetry}\n`;
  yield* commentLines("%", comments);
  yield `${rows} ${columns}\n`;
  for (let column = 0; column < columns; column++) {
    const first = symmetry === "general" ? 0 : symmetry === "skew-symmetric" ? column + 1 : column;
    for (let row = first; row < rows; row++) {
      const at = (row * columns + column) * parts;
      yield parts === 1
        ? `${formatNumber(values[at]!)}\n`
        : `${formatNumber(values[at]!)} ${formatNumber(values[at + 1]!)}\n`;
    }
  }
}
