/** Memories that programs run on. */
import { EmberError } from "../errors.ts";
import type { Element } from "../ir/types.ts";

/** The arrays that hold elements: halves as their 16 bits, `index` as 32-bit or 64-bit integers or as doubles. */
export type MemoryArray = Float64Array | Float32Array | Uint16Array | BigInt64Array | Int32Array | Int8Array;

/** A row-major array of elements. */
export interface Memory {
  readonly element: Element;
  readonly shape: readonly number[];
  readonly array: MemoryArray;
  /** Told of every element that a program stores, before it is rounded. */
  readonly onStore?: (place: number, value: number) => void;
}

/** A memory of zeros. */
export function makeMemory(element: Element, shape: readonly number[]): Memory {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return { element, shape, array: new arrays[element](count) };
}

const arrays = {
  f64: Float64Array,
  f32: Float32Array,
  f16: Uint16Array,
  bf16: Uint16Array,
  i64: BigInt64Array,
  i32: Int32Array,
  i8: Int8Array,
  index: Float64Array,
} as const;

/**
 * A memory with elements rounded to its type.
 *
 * @throws {EmberError} `operand-shape` where the number of elements is not that of the shape
 */
export function memoryFrom(element: Element, shape: readonly number[], values: ArrayLike<number>): Memory {
  const memory = makeMemory(element, shape);
  if (values.length !== memory.array.length) {
    throw new EmberError("operand-shape", `${values.length} elements for a memory of ${shape.join(" x ")}`);
  }
  const write = writerOf(memory);
  for (let i = 0; i < values.length; i++) write(i, values[i] as number);
  return memory;
}

/** Reads elements as numbers, by their place. */
export function readerOf({ element, array }: Memory): (place: number) => number {
  if (element === "f16") return (place) => halfToNumber(array[place] as number);
  if (element === "bf16") return (place) => bfloatToNumber(array[place] as number);
  if (array instanceof BigInt64Array) return (place) => Number(array[place]);
  return (place) => array[place] as number;
}

/** Writes elements, rounded to what the memory holds. */
export function writerOf(memory: Memory): (place: number, value: number) => void {
  const { onStore } = memory;
  const write = plainWriterOf(memory);
  if (onStore === undefined) return write;
  return (place, value) => {
    onStore(place, value);
    write(place, value);
  };
}

function plainWriterOf({ element, array }: Memory): (place: number, value: number) => void {
  if (array instanceof BigInt64Array) {
    return (place, value) => {
      array[place] = BigInt(value);
    };
  }
  const round = element === "f16" ? numberToHalf : element === "bf16" ? numberToBfloat : undefined;
  if (round !== undefined) {
    return (place, value) => {
      array[place] = round(value);
    };
  }
  return (place, value) => {
    array[place] = value;
  };
}

/** All elements as numbers. */
export function valuesOf(memory: Memory): Float64Array {
  const read = readerOf(memory);
  return Float64Array.from({ length: memory.array.length }, (_, place) => read(place));
}

const word = new DataView(new ArrayBuffer(8));

function halfToNumber(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function numberToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const scaled = roundToEven(size / 2 ** (exponent - 10));
  return sign | (scaled + ((exponent + 14) << 10));
}

function bfloatToNumber(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

function numberToBfloat(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  word.setFloat32(0, value);
  const bits = word.getUint32(0);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
