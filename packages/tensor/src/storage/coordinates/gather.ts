import type { Values, ValueType } from "../tensor.ts";
import { allocateValues } from "../value-array.ts";

/** `source[order[0]], source[order[1]], …` */
export function gather(source: Int32Array, order: Int32Array): Int32Array {
  const gathered = new Int32Array(order.length);
  for (let e = 0; e < order.length; e++) gathered[e] = source[order[e]!]!;
  return gathered;
}

/** The values at `order[0], order[1], …`, as an array of the same type. */
export function gatherValues(source: Values, valueType: ValueType, order: Int32Array): Values {
  const gathered = allocateValues(valueType, order.length);
  if (valueType === "complex128") {
    for (let e = 0; e < order.length; e++) {
      gathered[2 * e] = source[2 * order[e]!]!;
      gathered[2 * e + 1] = source[2 * order[e]! + 1]!;
    }
  } else {
    for (let e = 0; e < order.length; e++) gathered[e] = source[order[e]!]!;
  }
  return gathered;
}
