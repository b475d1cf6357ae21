import { TensorError } from "../errors.ts";
import type { Values, ValueType } from "./tensor.ts";

/** Every value type, the default first. */
export const valueTypes: readonly ValueType[] = ["float64", "float32", "int32", "complex128"];

/** Numbers that one value takes in its array: 2 for `complex128`, else 1. */
export function componentsOf(valueType: ValueType): 1 | 2 {
  return valueType === "complex128" ? 2 : 1;
}

/** A zeroed array of `count` values, over a `SharedArrayBuffer` where `shared`. */
export function allocateValues(valueType: ValueType, count: number, shared = false): Values {
  const length = count * componentsOf(valueType);
  switch (valueType) {
    case "float32":
      return shared ? new Float32Array(new SharedArrayBuffer(length * 4)) : new Float32Array(length);
    case "int32":
      return shared ? new Int32Array(new SharedArrayBuffer(length * 4)) : new Int32Array(length);
    default:
      return shared ? new Float64Array(new SharedArrayBuffer(length * 8)) : new Float64Array(length);
  }
}

/** Whether an array is of the class that holds `valueType`. */
export function holdsValueType(values: Values, valueType: ValueType): boolean {
  if (valueType === "float32") return values instanceof Float32Array;
  return valueType === "int32" ? values instanceof Int32Array : values instanceof Float64Array;
}

/** Whether value `e` is zero (of either sign) in every component. */
export function zeroAt(values: Values, components: 1 | 2, e: number): boolean {
  return components === 1 ? values[e] === 0 : values[2 * e] === 0 && values[2 * e + 1] === 0;
}

/**
 * The same values as another type; the same array where the type does not change. `float32` rounds to nearest.
 *
 * @throws {TensorError} `value-range` where a value has no place in the new type: an imaginary part in a real type, a
 *   fraction or a number past 32 bits in `int32`, a finite number past the range of `float32`
 */
export function castValues(values: Values, from: ValueType, to: ValueType): Values {
  if (from === to) return values;
  const [read, write] = [componentsOf(from), componentsOf(to)];
  const count = values.length / read;
  const cast = allocateValues(to, count);
  for (let e = 0; e < count; e++) {
    const real = values[e * read]!;
    if (read === 2 && values[e * 2 + 1] !== 0) {
      throw new TensorError(
        "value-range",
        `value ${e} has the imaginary part ${values[e * 2 + 1]}, which ${to} cannot hold`,
      );
    }
    cast[e * write] = real;
    const lost = to === "int32" ? cast[e] !== real : Number.isFinite(real) && !Number.isFinite(cast[e * write]);
    if (lost) throw new TensorError("value-range", `value ${e} is ${real}, which ${to} cannot hold`);
  }
  return cast;
}
