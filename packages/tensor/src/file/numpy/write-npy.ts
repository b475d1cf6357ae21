import type { ValueType } from "../../storage/tensor.ts";
import { checkDenseTensor, type DenseTensor } from "../dense-tensor.ts";

const DESCRIPTORS: Readonly<Record<ValueType, string>> = {
  float64: "<f8",
  float32: "<f4",
  int32: "<i4",
  complex128: "<c16",
};
/** The elements begin at a multiple of this, as NumPy's own do. */
const ALIGNMENT = 64;
const LENGTH_OFFSET = 8;

/** Writes a `.npy` file: version 1, little-endian, row-major. @throws {TensorError} `shape-invalid`, `structure-invalid` or `too-large` for a faulty array. */
export function writeNpy(array: DenseTensor): Uint8Array {
  checkDenseTensor(array);
  const { shape, valueType, values } = array;
  const header = npyHeader(DESCRIPTORS[valueType], shape);
  const width = valueType === "int32" || valueType === "float32" ? 4 : 8;
  const file = new Uint8Array(header.length + values.length * width);
  file.set(header);
  const view = new DataView(file.buffer, header.length);
  if (valueType === "int32")
    for (let index = 0; index < values.length; index++) view.setInt32(index * 4, values[index]!, true);
  else if (valueType === "float32")
    for (let index = 0; index < values.length; index++) view.setFloat32(index * 4, values[index]!, true);
  else for (let index = 0; index < values.length; index++) view.setFloat64(index * 8, values[index]!, true);
  return file;
}

/** The header of a row-major `.npy` file, padded so that the elements are aligned. */
export function npyHeader(descriptor: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = LENGTH_OFFSET + 2;
  const padded = Math.ceil((start + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - start;
  const text = `${dictionary.padEnd(padded - 1)}\n`;
  const header = new Uint8Array(start + padded);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded & 255, padded >>> 8]);
  header.set(new TextEncoder().encode(text), start);
  return header;
}
