import { type Dtype, dtypeBytes } from "../graph/dtype.ts";

/** Numbers as little-endian bytes; halves and bfloats are given as their bits. The last number repeats up to `count`. */
export function encodeNumbers(
  numbers: readonly number[],
  dtype: Exclude<Dtype, "string">,
  count: number = numbers.length,
): Uint8Array {
  const width = dtypeBytes[dtype];
  const bytes = new Uint8Array(count * width);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index++) {
    const number = numbers[Math.min(index, numbers.length - 1)] ?? 0;
    const at = index * width;
    if (dtype === "f32") view.setFloat32(at, number, true);
    else if (dtype === "f64") view.setFloat64(at, number, true);
    else if (width === 8) view.setBigInt64(at, BigInt(Math.trunc(number) || 0), true);
    else if (width === 4) view.setInt32(at, number, true);
    else if (width === 2) view.setUint16(at, number & 0xffff, true);
    else view.setUint8(at, number & 0xff);
  }
  return bytes;
}
