import type { Message } from "../../archive/protobuf.ts";
import type { Weight } from "../../graph/weight.ts";

const decoders: Partial<Record<Weight["dtype"], (view: DataView, at: number) => number>> = {
  f32: (view, at) => view.getFloat32(at * 4, true),
  f64: (view, at) => view.getFloat64(at * 8, true),
  i64: (view, at) => Number(view.getBigInt64(at * 8, true)),
  i32: (view, at) => view.getInt32(at * 4, true),
  i16: (view, at) => view.getInt16(at * 2, true),
  i8: (view, at) => view.getInt8(at),
  u8: (view, at) => view.getUint8(at),
  bool: (view, at) => view.getUint8(at),
};

/** The numbers of an inline tensor, or `undefined` where they lie in another file or are no numbers. */
export function smallConstant(tensor: Message, { dtype, shape }: Weight): readonly number[] | undefined {
  const count = shape.reduce((a, b) => a * b, 1);
  const typed = [tensor.floats, tensor.int32s, tensor.int64s, tensor.doubles].find((list) => list !== undefined);
  if (typed !== undefined && dtype !== "f16" && dtype !== "bf16") return (typed as readonly number[]).slice(0, count);
  const decode = decoders[dtype];
  if (!(tensor.raw instanceof Uint8Array) || decode === undefined) return count === 0 ? [] : undefined;
  const view = new DataView(tensor.raw.buffer, tensor.raw.byteOffset, tensor.raw.byteLength);
  return Array.from({ length: count }, (_, at) => decode(view, at));
}
