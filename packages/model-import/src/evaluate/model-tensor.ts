/** Dense tensors of the reference evaluator: elements as doubles, which hold every other type of number up to 2^53. */
import { ModelError } from "../errors.ts";
import { bfloatToNumber, type Dtype, dtypeBytes, halfToNumber, roundTo } from "../graph/dtype.ts";
import { elementCount, type Weight } from "../graph/weight.ts";

/** A tensor with its elements in row-major order. */
export interface ModelTensor {
  readonly dtype: Dtype;
  /** Outermost first. */
  readonly shape: readonly number[];
  /** Parallel to the elements; integers and booleans (0, 1) as doubles. */
  readonly values: Float64Array;
}

/** More elements than this are refused: the evaluator is a reference, not a runtime. */
const largestTensor: number = 2 ** 27;

/** A tensor of zeros. @throws {ModelError} `too-large` */
export function zeros(dtype: Dtype, shape: readonly number[]): ModelTensor {
  const count = elementCount(shape);
  if (!(count <= largestTensor)) {
    throw new ModelError(
      "too-large",
      `a tensor of ${shape.join(" x ")} elements; at most ${largestTensor} are evaluated`,
      {
        help: "evaluate with smaller inputs",
      },
    );
  }
  return { dtype, shape, values: new Float64Array(count) };
}

/** A tensor of rank 0. */
export function scalarTensor(dtype: Dtype, value: number): ModelTensor {
  return { dtype, shape: [], values: Float64Array.of(value) };
}

/** The same elements rounded to what a type can hold. */
export function castTensor(tensor: ModelTensor, dtype: Dtype): ModelTensor {
  if (tensor.dtype === dtype) return tensor;
  return { dtype, shape: tensor.shape, values: roundValues(tensor.values, dtype) };
}

/** Values rounded to what a type can hold. */
export function roundValues(values: Float64Array, dtype: Dtype): Float64Array {
  if (dtype === "f64") return values;
  if (dtype === "f32") return Float64Array.from(new Float32Array(values));
  return values.map((value) => roundTo(dtype, value));
}

/**
 * Reads a constant of a model.
 *
 * @throws {ModelError} `weight-truncated`, `dtype-unsupported`, `too-large`, and what reading its archive refuses
 */
export async function readWeight(weight: Weight): Promise<ModelTensor> {
  if (weight.sparse !== undefined) return readSparse(weight);
  const { shape, strides, offset, dtype } = weight;
  const read = await elementReader(weight);
  const result = zeros(dtype, shape);
  const { values } = result;
  const rank = shape.length;
  const index = new Int32Array(rank);
  let at = offset;
  for (let position = 0; position < values.length; position++) {
    values[position] = read(at);
    for (let axis = rank - 1; axis >= 0; axis--) {
      at += strides[axis] as number;
      const next = (index[axis] as number) + 1;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      at -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return result;
}

async function readSparse(weight: Weight): Promise<ModelTensor> {
  const { sparse, dtype, shape } = weight;
  const result = zeros(dtype, shape);
  if (sparse === undefined) return result;
  const read = await elementReader(weight);
  const bytes = await sparse.coordinates.load();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rank = sparse.linear ? 1 : shape.length;
  for (let entry = 0; entry < sparse.entries; entry++) {
    let position = 0;
    for (let axis = 0; axis < rank; axis++) {
      const coordinate = Number(view.getBigInt64((entry * rank + axis) * 8, true));
      position = sparse.linear ? coordinate : position * (shape[axis] as number) + coordinate;
    }
    if (!(position >= 0 && position < result.values.length)) {
      throw new ModelError("index-range", `entry ${entry} lies outside ${shape.join(" x ")}`, { place: weight.place });
    }
    result.values[position] = read(entry);
  }
  return result;
}

/** Reads element number i of the weight's storage. */
async function elementReader(weight: Weight): Promise<(element: number) => number> {
  const bytes = await weight.storage.load();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { quantization } = weight;
  if (quantization !== undefined) {
    const { stored, scale, minimum } = quantization;
    if (stored === "f16") return (element) => halfToNumber(view.getUint16(element * 2, true));
    if (stored === "u8") return (element) => view.getUint8(element) * scale + minimum;
    return (element) => view.getUint16(element * 2, true) * scale + minimum;
  }
  if (weight.dtype === "string") {
    throw new ModelError("dtype-unsupported", "a constant of strings has no numbers", { place: weight.place });
  }
  const width = dtypeBytes[weight.dtype];
  const decode = decoders[weight.dtype];
  return (element) => decode(view, element * width);
}

const decoders: Readonly<Record<Exclude<Dtype, "string">, (view: DataView, at: number) => number>> = {
  f64: (view, at) => view.getFloat64(at, true),
  f32: (view, at) => view.getFloat32(at, true),
  f16: (view, at) => halfToNumber(view.getUint16(at, true)),
  bf16: (view, at) => bfloatToNumber(view.getUint16(at, true)),
  i64: (view, at) => Number(view.getBigInt64(at, true)),
  i32: (view, at) => view.getInt32(at, true),
  i16: (view, at) => view.getInt16(at, true),
  i8: (view, at) => view.getInt8(at),
  u8: (view, at) => view.getUint8(at),
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};
