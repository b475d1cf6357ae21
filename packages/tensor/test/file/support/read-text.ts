import { TensorError } from "../../../src/errors.ts";
import { readTensorFile, type TensorFileReadOptions } from "../../../src/file/read-tensor-file.ts";
import type { TensorFile } from "../../../src/file/tensor-file.ts";
import type { CoordinateList } from "../../../src/storage/tensor.ts";

/** Text as bytes, one for each character. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Reads a text under a name. */
export function readText(
  name: string,
  text: string,
  options: Partial<TensorFileReadOptions> = {},
): Promise<TensorFile> {
  return readTensorFile(bytesOf(text), { name, ...options });
}

/** Bytes in pieces of the given sizes, over and over. */
export async function* pieces(
  bytes: Uint8Array,
  sizes: readonly number[],
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield bytes.slice(at, at + size);
    at += size;
  }
}

/** The fault that ends a promise, as `code | message`. */
export async function faultOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof TensorError) return `${error.code} | ${error.message}`;
    throw error;
  }
  return "no fault";
}

/** A list as rows `[...coordinates, ...value]`. */
export function rowsOf({ coordinates, values, valueType }: CoordinateList): number[][] {
  const parts = valueType === "complex128" ? 2 : 1;
  return Array.from({ length: values.length / parts }, (_, entry) => [
    ...coordinates.map((array) => array[entry]!),
    ...values.slice(entry * parts, (entry + 1) * parts),
  ]);
}
