/** Tensors of ONNX: inline, as raw bytes, in files beside the model, and sparse. */
import { checkedWeight } from "../../archive/checked-weight.ts";
import { encodeNumbers } from "../../archive/encode-numbers.ts";
import { type Message, messageOf, messagesOf, numberOf, numbersOf, stringOf } from "../../archive/protobuf.ts";
import { ModelError } from "../../errors.ts";
import type { Dtype } from "../../graph/dtype.ts";
import type { Place } from "../../graph/place.ts";
import { denseStrides, elementCount, lazyStorage, type Storage, storedBytes, type Weight } from "../../graph/weight.ts";
import type { SideFiles } from "../side-files.ts";

const dtypes: readonly (Dtype | undefined)[] = [
  undefined,
  "f32",
  "u8",
  "i8",
  undefined,
  "i16",
  "i32",
  "i64",
  "string",
  "bool",
].concat(["f16", "f64", undefined, undefined, undefined, undefined, "bf16"]) as readonly (Dtype | undefined)[];
const names = new Map([
  [4, "uint16"],
  [12, "uint32"],
  [13, "uint64"],
  [14, "complex64"],
  [15, "complex128"],
]);

/** The dtype of a number in ONNX, or what it is called where it is not modelled. */
export function onnxDtype(number: number, place: Place): Dtype {
  const dtype = dtypes[number];
  if (dtype !== undefined) return dtype;
  throw new ModelError("dtype-unsupported", `element type ${names.get(number) ?? number} is not modelled`, {
    place,
    help: "cast the tensor to float32, int32 or int64 before exporting",
  });
}

/** Where files beside the model are found, and the place that messages name. */
export interface TensorContext {
  readonly files: SideFiles;
  readonly place: Place;
}

/** A TensorProto as a weight. */
export function onnxWeight(tensor: Message, context: TensorContext): Weight {
  const place = { ...context.place, originalName: stringOf(tensor, "name") };
  const dtype = onnxDtype(numberOf(tensor, "dataType"), place);
  const shape = numbersOf(tensor, "dims");
  const storage = storageOf(tensor, dtype, { ...context, place });
  return checkedWeight({ dtype, shape, strides: denseStrides(shape), offset: 0, storage, place });
}

/** Whether the graph came without this tensor's bytes, as the "light" models of the zoo do. */
export function lacksBytes(tensor: Message): boolean {
  const fields = ["raw", "floats", "int32s", "int64s", "doubles", "uint64s", "strings"];
  return (
    numberOf(tensor, "location") !== 1 &&
    fields.every((field) => tensor[field] === undefined) &&
    elementCount(numbersOf(tensor, "dims")) > 0
  );
}

function storageOf(tensor: Message, dtype: Dtype, context: TensorContext): Storage {
  if (numberOf(tensor, "location") === 1) return externalStorage(tensor, context);
  const raw = tensor.raw;
  if (raw instanceof Uint8Array) return storedBytes(raw);
  if (dtype === "string") return storedBytes(new Uint8Array(0));
  const numbers = [tensor.floats, tensor.int32s, tensor.int64s, tensor.doubles, tensor.uint64s].find(
    (list) => list !== undefined,
  );
  return storedBytes(encodeNumbers((numbers ?? []) as readonly number[], dtype));
}

function externalStorage(tensor: Message, { files, place }: TensorContext): Storage {
  const entries = new Map(
    messagesOf(tensor, "external").map((entry) => [stringOf(entry, "key"), stringOf(entry, "value")]),
  );
  const location = entries.get("location") ?? "";
  const source = files.find(location, place);
  const offset = Number(entries.get("offset") ?? 0);
  const length = Number(entries.get("length") ?? source.size - offset);
  if (
    !(
      Number.isSafeInteger(offset) &&
      Number.isSafeInteger(length) &&
      offset >= 0 &&
      length >= 0 &&
      offset + length <= source.size
    )
  ) {
    throw new ModelError(
      "weight-truncated",
      `bytes ${offset} to ${offset + length} of ${location}, which has ${source.size}`,
      {
        place,
        help: "the weight file may be cut off, or belong to another model",
      },
    );
  }
  return lazyStorage(length, () => source.read(offset, length));
}

/** A SparseTensorProto as a weight that keeps its coordinates. */
export function onnxSparseWeight(sparse: Message, context: TensorContext): Weight {
  const values = messageOf(sparse, "values") ?? {};
  const indices = messageOf(sparse, "indices") ?? {};
  const weight = onnxWeight(values, context);
  const coordinates = onnxWeight(indices, context);
  const shape = numbersOf(sparse, "dims");
  const entries = elementCount(weight.shape);
  const linear = coordinates.shape.length === 1;
  if (coordinates.dtype !== "i64" || elementCount(coordinates.shape) !== entries * (linear ? 1 : shape.length)) {
    throw new ModelError("shape-mismatch", `${entries} values with coordinates of ${coordinates.shape.join(" x ")}`, {
      place: weight.place,
      help: "coordinates are int64, one linear index or one index for each dimension per value",
    });
  }
  return { ...weight, shape, strides: [], sparse: { coordinates: coordinates.storage, entries, linear } };
}
