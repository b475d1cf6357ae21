import type { CoordinateList, Values, ValueType } from "../../storage/tensor.ts";
import type { Field } from "../header.ts";
import type { EntryList } from "./entry-list.ts";

/** The type that values of a field are kept in: integers as int32 if all of them fit, patterns as ones. */
export function valueTypeOf(field: Field, values: Float64Array): ValueType {
  if (field === "complex") return "complex128";
  return field === "integer" && fitInt32(values) ? "int32" : "float64";
}

function fitInt32(values: Float64Array): boolean {
  for (let index = 0; index < values.length; index++) {
    if ((values[index]! | 0) !== values[index]) return false;
  }
  return true;
}

/** Turns what was read into a coordinate list, without the slots that stayed free. */
export function finishEntries(list: EntryList, shape: readonly number[], field: Field): CoordinateList {
  list.resize(list.count);
  const { coordinates, count } = list;
  if (field === "pattern") return { shape, coordinates, valueType: "float64", values: new Float64Array(count).fill(1) };
  const valueType = valueTypeOf(field, list.values);
  const values: Values = valueType === "int32" ? new Int32Array(list.values) : list.values;
  return { shape, coordinates, valueType, values };
}
