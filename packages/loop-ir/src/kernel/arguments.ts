import { LoopError } from "../errors.ts";
import { evaluateLimit } from "../interpret/limit.ts";
import type { Expression, Nest } from "../nest/nest.ts";
import type { ElementType, ScalarType } from "../nest/types.ts";

/** The array that holds a buffer: one of these per element type, over plain or shared memory. */
export type BufferArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** What a kernel is given, by name: an array for each buffer, a number for each scalar (an i64 may be a safe integer). */
export type KernelArguments = Readonly<Record<string, BufferArray | number | bigint | boolean>>;

/** The kind of array for each element type. */
export interface ArrayConstructors {
  readonly f64: Float64ArrayConstructor;
  readonly f32: Float32ArrayConstructor;
  readonly i64: BigInt64ArrayConstructor;
  readonly i32: Int32ArrayConstructor;
  readonly i8: Int8ArrayConstructor;
  readonly f16: Uint16ArrayConstructor;
  readonly bf16: Uint16ArrayConstructor;
  readonly bool: Uint8ArrayConstructor;
}

/** Arguments in the order of the declarations of a nest. */
export interface CheckedArguments {
  readonly arrays: readonly BufferArray[];
  readonly scalars: readonly (number | bigint | boolean)[];
}

const arrayOf: { readonly [E in ElementType]: ArrayConstructors[E] } = {
  f64: Float64Array,
  f32: Float32Array,
  i64: BigInt64Array,
  i32: Int32Array,
  i8: Int8Array,
  f16: Uint16Array,
  bf16: Uint16Array,
  bool: Uint8Array,
};

/** The kind of array that holds buffers of an element type. */
export function arrayConstructor<E extends ElementType>(element: E): ArrayConstructors[E] {
  return arrayOf[element];
}

/**
 * Puts arguments in order and checks everything that a nest asks of them: kind, length, entries within their limits
 * (unless `trusted`), and that nothing that is written shares memory with anything else.
 *
 * @throws {LoopError} `argument` with every fault found.
 */
export function checkArguments(nest: Nest, given: KernelArguments, trusted = false): CheckedArguments {
  const faults: string[] = [];
  const known = new Set([...nest.buffers, ...nest.scalars].map(({ name }) => name));
  for (const name of Object.keys(given)) if (!known.has(name)) faults.push(`there is no ${name}`);
  const scalars = nest.scalars.map(({ name, type }) => scalarArgument(name, type, { value: given[name], faults }));
  const arrays = nest.buffers.map(({ name, element }) => {
    const array = given[name];
    if (array instanceof arrayOf[element]) return array;
    faults.push(`${name} must be a ${arrayOf[element].name} (${element}), not ${describe(array)}`);
    return new arrayOf[element](0);
  });
  if (faults.length === 0) faults.push(...limitFaults(nest, { arrays, scalars }, trusted), ...overlaps(nest, arrays));
  if (faults.length > 0) throw new LoopError("argument", `kernel ${nest.name}: ${faults.join("; ")}`);
  return { arrays, scalars };
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.getPrototypeOf(value)?.constructor?.name ?? "an object";
}

function scalarArgument(
  name: string,
  type: ScalarType,
  { value, faults }: { readonly value: unknown; readonly faults: string[] },
): number | bigint | boolean {
  if (type === "bool" && typeof value === "boolean") return value;
  if ((type === "f64" || type === "f32") && typeof value === "number")
    return type === "f32" ? Math.fround(value) : value;
  if (type === "i32" && typeof value === "number" && (value | 0) === value) return value | 0;
  if (type === "i64") {
    if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return value;
    if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  }
  faults.push(`${name} must be of type ${type}, not ${describe(value)}`);
  return 0;
}

function limitFaults(nest: Nest, checked: CheckedArguments, trusted: boolean): string[] {
  const limit = (expression: Expression) => Number(evaluateLimit(nest, expression, checked));
  return nest.buffers.flatMap(({ name, extent, within }, place) => {
    const array = checked.arrays[place]!;
    const least = extent === undefined ? 0 : limit(extent);
    if (least < 0) return [`${name} would have ${least} entries`];
    if (array.length < least) return [`${name} has ${array.length} entries, fewer than ${least}`];
    if (within === undefined || trusted) return [];
    const most = limit(within);
    const outside = firstOutside(array as Int32Array | BigInt64Array, most);
    return outside < 0 ? [] : [`${name}[${outside}] is ${array[outside]}, outside 0 … ${most - 1}`];
  });
}

/** The place of the first entry that is not in `[0, limit)`; -1 if there is none. */
function firstOutside(array: Int32Array | BigInt64Array, limit: number): number {
  if (array instanceof BigInt64Array) {
    const most = BigInt(limit);
    for (let place = 0; place < array.length; place++) if (array[place]! < 0n || array[place]! >= most) return place;
    return -1;
  }
  for (let place = 0; place < array.length; place++) if (array[place]! < 0 || array[place]! >= limit) return place;
  return -1;
}

function overlaps(nest: Nest, arrays: readonly BufferArray[]): string[] {
  const faults: string[] = [];
  nest.buffers.forEach((buffer, place) => {
    const array = arrays[place]!;
    for (let other = 0; other < arrays.length; other++) {
      const twoReads = buffer.access === "read";
      if (other === place || twoReads || (nest.buffers[other]!.access !== "read" && other < place)) continue;
      if (!share(array, arrays[other]!)) continue;
      faults.push(`${buffer.name} is written but shares memory with ${nest.buffers[other]!.name}`);
    }
  });
  return faults;
}

function share(a: BufferArray, b: BufferArray): boolean {
  if (a.byteLength === 0 || b.byteLength === 0 || !sameMemory(a.buffer, b.buffer)) return false;
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}

function sameMemory(a: ArrayBufferLike, b: ArrayBufferLike): boolean {
  return a === b;
}
