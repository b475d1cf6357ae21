/** Sums of products over shared indices: einsum, and the matrix products as cases of it. */
import { ModelError } from "../errors.ts";
import type { Dtype } from "../graph/dtype.ts";
import { denseStrides, elementCount } from "../graph/weight.ts";
import { type ModelTensor, zeros } from "./model-tensor.ts";

/** A tensor whose axes have names; a name may repeat, which takes a diagonal. */
export interface Labelled {
  readonly tensor: ModelTensor;
  readonly labels: readonly string[];
}

/** Operand by operand from the left, each index summed as soon as nothing later needs it. */
export function contract(operands: readonly Labelled[], output: readonly string[], dtype: Dtype): ModelTensor {
  const [first, ...rest] = operands;
  if (first === undefined) return zeros(dtype, []);
  let result = first;
  for (const [index, next] of rest.entries()) {
    const later = new Set([...output, ...rest.slice(index + 1).flatMap(({ labels }) => labels)]);
    const kept = [...new Set([...result.labels, ...next.labels])].filter((label) => later.has(label));
    const labels = index === rest.length - 1 ? [...output] : kept;
    result = { labels, tensor: multiplied(result, next, labels, dtype) };
  }
  if (rest.length > 0) return result.tensor;
  const one: Labelled = { tensor: { dtype, shape: [], values: Float64Array.of(1) }, labels: [] };
  return multiplied(first, one, output, dtype);
}

function multiplied(a: Labelled, b: Labelled, output: readonly string[], dtype: Dtype): ModelTensor {
  const extents = new Map<string, number>();
  for (const { tensor, labels } of [a, b]) {
    for (const [axis, label] of labels.entries()) {
      const extent = tensor.shape[axis] as number;
      const known = extents.get(label) ?? 1;
      if (known === 1) extents.set(label, extent);
      else if (extent !== 1 && extent !== known) throw disagreement(label, known, extent);
    }
  }
  const summed = [...extents.keys()].filter((label) => !output.includes(label));
  const outer = output.map((label) => extents.get(label) ?? 1);
  const inner = summed.map((label) => extents.get(label) as number);
  const result = zeros(dtype, outer);
  const left = walk(stridesFor(a, output), outer);
  const right = walk(stridesFor(b, output), outer);
  const leftInner = walk(stridesFor(a, summed), inner);
  const rightInner = walk(stridesFor(b, summed), inner);
  for (let at = 0; at < result.values.length; at++) {
    let sum = 0;
    const [baseA, baseB] = [left[at] as number, right[at] as number];
    for (let k = 0; k < leftInner.length; k++) {
      sum +=
        (a.tensor.values[baseA + (leftInner[k] as number)] as number) *
        (b.tensor.values[baseB + (rightInner[k] as number)] as number);
    }
    result.values[at] = sum;
  }
  return result;
}

function disagreement(label: string, first: number, second: number): ModelError {
  return new ModelError("shape-mismatch", `index ${label} has extent ${first} in one operand and ${second} in another`);
}

// How far a step along each label moves in the operand; 0 where it lacks the label or has extent 1 there.
function stridesFor({ tensor, labels }: Labelled, wanted: readonly string[]): number[] {
  const strides = denseStrides(tensor.shape);
  return wanted.map((label) =>
    labels.reduce(
      (sum, own, axis) => (own === label && tensor.shape[axis] !== 1 ? sum + (strides[axis] as number) : sum),
      0,
    ),
  );
}

function walk(strides: readonly number[], shape: readonly number[]): Int32Array {
  const positions = new Int32Array(elementCount(shape));
  let block = positions.length;
  for (const [axis, extent] of shape.entries()) {
    block /= extent === 0 ? 1 : extent;
    const stride = strides[axis] as number;
    if (stride === 0) continue;
    for (let at = 0; at < positions.length; at++) positions[at]! += (Math.floor(at / block) % extent) * stride;
  }
  return positions;
}

/** The batched matrix product with NumPy's rules: vectors gain and lose an axis, leading axes broadcast. */
export function matrixProduct(a: ModelTensor, b: ModelTensor, dtype: Dtype): ModelTensor | undefined {
  if (a.shape.length === 0 || b.shape.length === 0) return undefined;
  if (a.shape.length === 2 && b.shape.length === 2) return plainProduct(a, b, dtype);
  const k = "k";
  const batch = (rank: number) => Array.from({ length: Math.max(0, rank - 2) }, (_, at) => `b${rank - 2 - at}`);
  const left = a.shape.length === 1 ? [k] : [...batch(a.shape.length), "i", k];
  const right = b.shape.length === 1 ? [k] : [...batch(b.shape.length), k, "j"];
  if (a.shape[a.shape.length - 1] !== b.shape[b.shape.length === 1 ? 0 : b.shape.length - 2]) return undefined;
  const lead = a.shape.length >= b.shape.length ? batch(a.shape.length) : batch(b.shape.length);
  const output = [...lead, ...(a.shape.length === 1 ? [] : ["i"]), ...(b.shape.length === 1 ? [] : ["j"])];
  return contract(
    [
      { tensor: a, labels: left },
      { tensor: b, labels: right },
    ],
    output,
    dtype,
  );
}

function plainProduct(a: ModelTensor, b: ModelTensor, dtype: Dtype): ModelTensor | undefined {
  const [rows = 0, depth = 0] = a.shape;
  const [depthB = 0, columns = 0] = b.shape;
  if (depth !== depthB) return undefined;
  const result = zeros(dtype, [rows, columns]);
  const { values } = result;
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < depth; k++) {
      const factor = a.values[i * depth + k] as number;
      for (let j = 0; j < columns; j++) values[i * columns + j]! += factor * (b.values[k * columns + j] as number);
    }
  }
  return result;
}
