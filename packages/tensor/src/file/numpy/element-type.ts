import type { Values, ValueType } from "../../storage/tensor.ts";
import { componentsOf } from "../../storage/value-array.ts";
import type { Field } from "../header.ts";

/** How NumPy names one of the element types read here: byte order, kind, size in bytes. */
export interface ElementType {
  readonly littleEndian: boolean;
  readonly kind: "b" | "i" | "u" | "f" | "c";
  /** Bytes of an element. */
  readonly size: number;
}

const SIZES = new Map<string, readonly number[]>([
  ["b", [1]],
  ["i", [1, 2, 4, 8]],
  ["u", [1, 2, 4, 8]],
  ["f", [2, 4, 8]],
  ["c", [8, 16]],
]);

/** Whether this machine keeps the low byte first, so that files may be viewed in place. */
const HOST_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The element type of a descriptor such as `<f8`, or undefined if it is none of ours. */
export function parseElementType(descriptor: string): ElementType | undefined {
  const match = /^([<>|=]?)([biufc])([1-9]\d*)$/.exec(descriptor);
  const size = Number(match?.[3]);
  if (match === null || !SIZES.get(match[2]!)!.includes(size) || (match[1] === "|" && size > 1)) return undefined;
  return { littleEndian: match[1] !== ">", kind: match[2] as ElementType["kind"], size };
}

/** What an element type counts as in a {@link TensorFileHeader}. */
export function fieldOf(type: ElementType): Field {
  if (type.kind === "c") return "complex";
  return type.kind === "f" ? "real" : "integer";
}

/**
 * Elements as values: booleans and integers as int32, or float64 where one does not fit; halves as float32.
 *
 * `bytes` holds `count` elements and is given up to the result where it can be viewed in place. Integers beyond 2^53
 * come out inexact, with `inexact` the index of the first.
 */
export function decodeElements(
  type: ElementType,
  bytes: Uint8Array,
  count: number,
): { valueType: ValueType; values: Values; inexact: number } {
  const view = inPlace(type, bytes, count);
  if (view !== undefined) return { ...view, inexact: -1 };
  const valueType = firstValueType(type);
  const values =
    valueType === "int32"
      ? new Int32Array(count)
      : valueType === "float32"
        ? new Float32Array(count)
        : new Float64Array(count * componentsOf(valueType));
  decodeInto(values, type, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (fieldOf(type) !== "integer" || valueType === "int32") return { valueType, values, inexact: -1 };
  const inexact = values.findIndex((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER);
  const fits = values.every((value) => (value | 0) === value);
  return fits ? { valueType: "int32", values: new Int32Array(values), inexact } : { valueType, values, inexact };
}

function inPlace(
  type: ElementType,
  bytes: Uint8Array,
  count: number,
): { valueType: ValueType; values: Values } | undefined {
  if (type.littleEndian !== HOST_LITTLE_ENDIAN || bytes.byteOffset % 8 !== 0) return undefined;
  const { buffer, byteOffset } = bytes;
  switch (`${type.kind}${type.size}`) {
    case "f8":
      return { valueType: "float64", values: new Float64Array(buffer, byteOffset, count) };
    case "c16":
      return { valueType: "complex128", values: new Float64Array(buffer, byteOffset, count * 2) };
    case "f4":
      return { valueType: "float32", values: new Float32Array(buffer, byteOffset, count) };
    case "i4":
      return { valueType: "int32", values: new Int32Array(buffer, byteOffset, count) };
    default:
      return undefined;
  }
}

/** The type to decode into; wide integers go through float64 and are narrowed if all of them fit. */
function firstValueType({ kind, size }: ElementType): ValueType {
  if (kind === "c") return "complex128";
  if (kind === "f") return size <= 4 ? "float32" : "float64";
  return size < 4 || (kind === "i" && size === 4) ? "int32" : "float64";
}

function decodeInto(values: Values, type: ElementType, view: DataView): void {
  const read = reader(type, view);
  const step = type.kind === "c" ? type.size / 2 : type.size;
  for (let index = 0; index < values.length; index++) values[index] = read(index * step);
}

function reader({ kind, size, littleEndian }: ElementType, view: DataView): (at: number) => number {
  if (kind === "b") return (at) => (view.getUint8(at) === 0 ? 0 : 1);
  if (kind === "c")
    return size === 8 ? (at) => view.getFloat32(at, littleEndian) : (at) => view.getFloat64(at, littleEndian);
  if (kind === "f") {
    if (size === 2) return (at) => halfToNumber(view.getUint16(at, littleEndian));
    return size === 4 ? (at) => view.getFloat32(at, littleEndian) : (at) => view.getFloat64(at, littleEndian);
  }
  const signed = kind === "i";
  if (size === 1) return signed ? (at) => view.getInt8(at) : (at) => view.getUint8(at);
  if (size === 2) return signed ? (at) => view.getInt16(at, littleEndian) : (at) => view.getUint16(at, littleEndian);
  if (size === 4) return signed ? (at) => view.getInt32(at, littleEndian) : (at) => view.getUint32(at, littleEndian);
  return (at) => {
    const low = view.getUint32(littleEndian ? at : at + 4, littleEndian);
    const highAt = littleEndian ? at + 4 : at;
    return (signed ? view.getInt32(highAt, littleEndian) : view.getUint32(highAt, littleEndian)) * 2 ** 32 + low;
  };
}

/** The value of an IEEE 754 half given by its bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
