import { TensorError } from "../../errors.ts";
import { maximumExtent, maximumOrder } from "../../limits.ts";
import { maximumLength } from "../allocate.ts";
import type { CoordinateList, ValueType } from "../tensor.ts";
import { allocateValues, componentsOf, holdsValueType, valueTypes } from "../value-array.ts";
import { gather, gatherValues } from "./gather.ts";
import { sortedOrder } from "./sorted-order.ts";

/** Number of entries of a coordinate list, explicit zeros and duplicates included. */
export function entryCount(list: CoordinateList): number {
  return list.values.length / componentsOf(list.valueType);
}

/**
 * A coordinate list from rows `[...coordinates, value]`, or `[...coordinates, real, imaginary]` for `complex128`; for
 * small tensors written by hand.
 *
 * @throws {TensorError} `shape-invalid`, `coordinate-range` as `checkCoordinateList`; `structure-invalid` for a row of the
 *   wrong length; `value-range` for a value that int32 cannot hold
 *
 * @example
 * ```ts
 * const list = coordinateList([2, 3], [[0, 2, 1.5], [1, 0, -4]]);
 * entryCount(list); // => 2
 * ```
 */
export function coordinateList(
  shape: readonly number[],
  rows: readonly (readonly number[])[],
  valueType: ValueType = "float64",
): CoordinateList {
  const components = componentsOf(valueType);
  const coordinates = shape.map(() => new Int32Array(rows.length));
  const values = allocateValues(valueType, rows.length);
  rows.forEach((row, e) => {
    if (row.length !== shape.length + components) {
      throw new TensorError(
        "structure-invalid",
        `entry ${e} has ${row.length} numbers; expected ${shape.length} coordinates and ${components} for the value`,
      );
    }
    // Typed arrays wrap silently: a coordinate past 32 bits must not come back in range.
    for (let m = 0; m < shape.length; m++)
      coordinates[m]![e] = Number.isInteger(row[m]) && Math.abs(row[m]!) <= maximumExtent ? row[m]! : -1;
    for (let part = 0; part < components; part++) values[e * components + part] = row[shape.length + part]!;
    if (valueType === "int32" && values[e] !== row[shape.length]) {
      throw new TensorError("value-range", `the value of entry ${e} is ${row[shape.length]}, which int32 cannot hold`);
    }
  });
  const list: CoordinateList = { shape, coordinates, valueType, values };
  checkCoordinateList(list);
  return list;
}

/**
 * Refuses a shape of more than 64 modes, or whose extents are not integers from 0 to 2^31 - 1.
 *
 * @throws {TensorError} `shape-invalid`, or `too-large` for an extent past 2^31 - 1 or a mode past the 64th
 */
export function checkShape(shape: readonly number[]): void {
  if (shape.length > maximumOrder) {
    throw new TensorError("too-large", `${shape.length} modes; a tensor has at most ${maximumOrder}`);
  }
  shape.forEach((extent, mode) => {
    if (!Number.isInteger(extent) || extent < 0) {
      throw new TensorError(
        "shape-invalid",
        `the extent of mode ${mode} is ${extent}; expected an integer of at least 0`,
      );
    }
    if (extent > maximumExtent) {
      throw new TensorError(
        "too-large",
        `the extent of mode ${mode} is ${extent}; coordinates of 32 bits reach ${maximumExtent}`,
      );
    }
  });
}

/**
 * Refuses a coordinate list that is not what its type promises.
 *
 * @throws {TensorError} `shape-invalid`, `too-large` for the shape; `structure-invalid` for arrays of the wrong number,
 *   class or length; `coordinate-range` for the first coordinate outside its mode
 */
export function checkCoordinateList(list: CoordinateList): void {
  const { shape, coordinates, values, valueType } = list;
  checkShape(shape);
  if (!valueTypes.includes(valueType) || !holdsValueType(values, valueType)) {
    throw new TensorError(
      "structure-invalid",
      `values of type ${valueType} in an array of class ${values?.constructor?.name}`,
    );
  }
  const count = entryCount(list);
  if (!Number.isInteger(count)) {
    throw new TensorError("structure-invalid", `${values.length} numbers do not make whole ${valueType} values`);
  }
  if (count > maximumLength)
    throw new TensorError("too-large", `${count} entries; 32-bit positions count ${maximumLength}`);
  if (coordinates.length !== shape.length) {
    throw new TensorError("structure-invalid", `${coordinates.length} coordinate arrays for ${shape.length} modes`);
  }
  coordinates.forEach((array, mode) => {
    if (array.length !== count) {
      throw new TensorError("structure-invalid", `mode ${mode} has ${array.length} coordinates for ${count} values`);
    }
    const outside = firstOutside(array, shape[mode]!);
    if (outside < 0) return;
    const range = shape[mode] === 0 ? "no coordinate, as its extent is 0" : `0 to ${shape[mode]! - 1}`;
    throw new TensorError(
      "coordinate-range",
      `entry ${outside} has coordinate ${array[outside]} in mode ${mode}; expected ${range}`,
    );
  });
}

function firstOutside(array: Int32Array, extent: number): number {
  for (let e = 0; e < array.length; e++) if (array[e]! < 0 || array[e]! >= extent) return e;
  return -1;
}

/**
 * The same entries sorted by the modes in `modeOrder` (their own order unless given), the first one slowest; entries at
 * equal coordinates keep their order. The same list where nothing moves.
 */
export function sortCoordinates(
  list: CoordinateList,
  modeOrder: readonly number[] = list.shape.map((_, mode) => mode),
): CoordinateList {
  const order = sortedOrder(
    modeOrder.map((mode) => list.coordinates[mode]!),
    entryCount(list),
  );
  return order === undefined ? list : selectEntries(list, order);
}

/** The entries `order[0], order[1], …` of a list, as a new list. */
export function selectEntries(list: CoordinateList, order: Int32Array): CoordinateList {
  return {
    ...list,
    coordinates: list.coordinates.map((array) => gather(array, order)),
    values: gatherValues(list.values, list.valueType, order),
  };
}
