import { TensorError } from "../errors.ts";
import { checkCoordinateList, checkShape } from "../storage/coordinates/coordinate-list.ts";
import { elementCount } from "../storage/element-count.ts";
import type { CoordinateList, Values, ValueType } from "../storage/tensor.ts";
import { allocateValues, componentsOf, holdsValueType, zeroAt } from "../storage/value-array.ts";

/** Every element of a tensor, the last mode fastest (row-major). */
export interface DenseTensor {
  /** Extents, outermost first; `[]` for a scalar. */
  readonly shape: readonly number[];
  readonly valueType: ValueType;
  /** One value for each element; two numbers each for `complex128`. */
  readonly values: Values;
}

/**
 * Refuses an array that is not what its type promises.
 *
 * @throws {TensorError} `shape-invalid` if the values do not fill the shape, `too-large` as {@link checkShape},
 *   `structure-invalid` for values of another class
 */
export function checkDenseTensor({ shape, valueType, values }: DenseTensor): void {
  checkShape(shape);
  if (!holdsValueType(values, valueType)) {
    throw new TensorError(
      "structure-invalid",
      `values of type ${valueType} in an array of class ${values?.constructor?.name}`,
    );
  }
  if (values.length !== elementCount(shape) * componentsOf(valueType)) {
    throw new TensorError(
      "shape-invalid",
      `${values.length} numbers of type ${valueType} do not fill the shape [${shape.join(", ")}]`,
    );
  }
}

/** A zeroed value array of a type. @throws {TensorError} `too-large` if the memory cannot be had. */
export function makeValues(valueType: ValueType, count: number): Values {
  try {
    return allocateValues(valueType, count);
  } catch (cause) {
    throw new TensorError("too-large", `no memory for ${count} values of type ${valueType}`, { cause });
  }
}

/**
 * The elements that are not zero (NaN is not), in row-major order.
 *
 * @throws {TensorError} `shape-invalid`, `structure-invalid` or `too-large` for a faulty array
 *
 * @example
 * ```ts
 * const list = nonzerosOf({ shape: [2, 2], valueType: "float64", values: Float64Array.of(0, 5, 0, 7) });
 * list.coordinates.map((array) => [...array]); // => [[0, 1], [1, 1]]
 * ```
 */
export function nonzerosOf(array: DenseTensor): CoordinateList {
  checkDenseTensor(array);
  const { shape, valueType, values } = array;
  const parts = componentsOf(valueType);
  const elements = values.length / parts;
  let count = 0;
  for (let element = 0; element < elements; element++) if (!zeroAt(values, parts, element)) count++;

  const kept = makeValues(valueType, count);
  const coordinates = shape.map(() => new Int32Array(count));
  const current = shape.map(() => 0);
  let entry = 0;
  for (let element = 0; element < elements; element++) {
    if (!zeroAt(values, parts, element)) {
      for (let mode = 0; mode < shape.length; mode++) coordinates[mode]![entry] = current[mode]!;
      for (let part = 0; part < parts; part++) kept[entry * parts + part] = values[element * parts + part]!;
      entry++;
    }
    advance(current, shape);
  }
  return { shape, coordinates, valueType, values: kept };
}

/** The next coordinates in row-major order, in place. */
function advance(coordinates: number[], shape: readonly number[]): void {
  for (let mode = shape.length - 1; mode >= 0; mode--) {
    if (++coordinates[mode]! < shape[mode]!) return;
    coordinates[mode] = 0;
  }
}

/**
 * Spreads entries over a dense array; entries at one place add up.
 *
 * @throws {TensorError} `too-large` if the array has more than `maximumElements` (default 2^28) elements, `value-range`
 *   where a sum leaves int32; as `checkCoordinateList` for a faulty list
 *
 * @example
 * ```ts
 * [...spread(coordinateList([2, 2], [[0, 1, 5], [0, 1, 2]])).values]; // => [0, 7, 0, 0]
 * ```
 */
export function spread(list: CoordinateList, maximumElements: number = 2 ** 28): DenseTensor {
  checkCoordinateList(list);
  const { shape, coordinates, valueType } = list;
  const elements = elementCount(shape);
  if (elements > maximumElements) {
    throw new TensorError(
      "too-large",
      `a dense array of shape [${shape.join(", ")}] has ${elements} elements, more than ${maximumElements}`,
    );
  }
  const parts = componentsOf(valueType);
  const values = makeValues(valueType, elements);
  const entries = list.values.length / parts;
  for (let entry = 0; entry < entries; entry++) {
    let element = 0;
    for (let mode = 0; mode < shape.length; mode++) element = element * shape[mode]! + coordinates[mode]![entry]!;
    for (let part = 0; part < parts; part++) {
      const at = element * parts + part;
      const sum = values[at]! + list.values[entry * parts + part]!;
      values[at] = sum;
      if (valueType === "int32" && values[at] !== sum) {
        throw new TensorError("value-range", `entries at one place add up to ${sum}, which int32 cannot hold`);
      }
    }
  }
  return { shape, valueType, values };
}
