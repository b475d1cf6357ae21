/** Constants of TensorFlow: TensorProto, and the shards of TensorFlow.js. */
import { checkedWeight } from "../../archive/checked-weight.ts";
import { encodeNumbers } from "../../archive/encode-numbers.ts";
import { type Message, messageOf, messagesOf, numberOf } from "../../archive/protobuf.ts";
import { ModelError } from "../../errors.ts";
import type { Dtype } from "../../graph/dtype.ts";
import type { Place } from "../../graph/place.ts";
import { denseStrides, elementCount, storedBytes, type Weight } from "../../graph/weight.ts";

const dtypes = new Map<number, Dtype>([
  [1, "f32"],
  [2, "f64"],
  [3, "i32"],
  [4, "u8"],
  [5, "i16"],
  [6, "i8"],
  [7, "string"],
  [9, "i64"],
  [10, "bool"],
  [14, "bf16"],
  [19, "f16"],
]);

/** The dtype of a number in TensorFlow, or `undefined` for a kind of value that is no tensor of numbers. */
export function tfDtype(number: number): Dtype | undefined {
  // References count as what they refer to.
  return dtypes.get(number > 100 ? number - 100 : number);
}

/** The extents of a shape, -1 where one is unknown; `undefined` where the rank is. */
export function tfShape(shape: Message | undefined): number[] | undefined {
  if (shape === undefined || shape.unknownRank === true) return undefined;
  return messagesOf(shape, "dim").map((dim) => numberOf(dim, "size"));
}

const lists = ["floatVal", "doubleVal", "intVal", "int64Val", "boolVal", "halfVal"] as const;

/**
 * A TensorProto as a weight. One without content is all zeros in a GraphDef (`empty` is "zeros"); a converter for the
 * browser moves the content elsewhere (`empty` is "missing"): then it is `undefined`.
 */
export function tfWeight(tensor: Message, place: Place, empty: "zeros" | "missing"): Weight | undefined {
  const number = numberOf(tensor, "dtype");
  const dtype = tfDtype(number);
  if (dtype === undefined) {
    throw new ModelError("dtype-unsupported", `a constant of type number ${number} is not modelled`, {
      place,
      help: "quantised and complex constants are not read: convert the model without quantisation",
    });
  }
  const shape = tfShape(messageOf(tensor, "tensorShape")) ?? [];
  const bytes =
    dtype === "string" ? new Uint8Array(0) : contentOf(tensor, dtype, { count: elementCount(shape), empty });
  if (bytes === undefined) return undefined;
  return checkedWeight({ dtype, shape, strides: denseStrides(shape), offset: 0, storage: storedBytes(bytes), place });
}

function contentOf(
  tensor: Message,
  dtype: Exclude<Dtype, "string">,
  { count, empty }: { count: number; empty: "zeros" | "missing" },
): Uint8Array | undefined {
  const content = tensor.tensorContent;
  if (content instanceof Uint8Array && content.length > 0) return content;
  const key = lists.find((name) => Array.isArray(tensor[name]) && (tensor[name] as readonly unknown[]).length > 0);
  if (key === undefined && empty === "missing" && count > 0) return undefined;
  const given = key === undefined ? [0] : (tensor[key] as readonly (number | boolean)[]);
  // Fewer numbers than elements: the last one fills the rest.
  return encodeNumbers(given.map(Number), dtype, count);
}
