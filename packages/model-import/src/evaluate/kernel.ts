/** What a kernel is given, and what kernels share. */
import { ModelError, type ModelErrorCode } from "../errors.ts";
import { type Dtype, isFloat } from "../graph/dtype.ts";
import type { Attribute, Node } from "../graph/model-graph.ts";
import type { ModelTensor } from "./model-tensor.ts";

/** One node with the tensors it reads. */
export interface KernelCall {
  readonly node: Node;
  readonly inputs: readonly (ModelTensor | null)[];
  /** Sizes and computed values are resolved to numbers. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Computes the results of a node. */
export type Kernel = (call: KernelCall) => readonly ModelTensor[] | ModelTensor;

/** Kernels by operator. */
export type Kernels = Readonly<Record<string, Kernel>>;

/** An error at a node. */
export function atNode(call: KernelCall, code: ModelErrorCode, message: string, help?: string): ModelError {
  return new ModelError(code, `${call.node.op}: ${message}`, { place: call.node.place, help });
}

/** An operand that must be there. */
export function operand(call: KernelCall, index: number): ModelTensor {
  const tensor = call.inputs[index];
  if (tensor !== undefined && tensor !== null) return tensor;
  throw atNode(call, "input-missing", `operand ${index} is missing`);
}

/** An operand that may be left out. */
export function maybe(call: KernelCall, index: number): ModelTensor | undefined {
  return call.inputs[index] ?? undefined;
}

/** A number among the attributes. */
export function numberOf(call: KernelCall, name: string, absent?: number): number {
  const value = call.attributes[name] ?? absent;
  if (typeof value === "number") return value;
  throw atNode(call, "operator-arguments", `attribute ${name} must be a number, not ${JSON.stringify(value)}`);
}

/** A list of numbers among the attributes. */
export function numbersOf(call: KernelCall, name: string, absent?: readonly number[]): number[] {
  const value = call.attributes[name] ?? absent;
  if (Array.isArray(value) && value.every((item) => typeof item === "number")) return [...value];
  throw atNode(call, "operator-arguments", `attribute ${name} must be a list of numbers, not ${JSON.stringify(value)}`);
}

/** Whether an attribute is set and true. */
export function flagOf(call: KernelCall, name: string): boolean {
  return call.attributes[name] === true;
}

/** A dtype among the attributes. */
export function dtypeOf(call: KernelCall, name = "dtype"): Dtype {
  return call.attributes[name] as Dtype;
}

/** An axis counted from the front. @throws {ModelError} `shape-mismatch` */
export function axisOf(call: KernelCall, axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  if (counted >= 0 && counted < Math.max(1, rank)) return counted;
  throw atNode(call, "shape-mismatch", `axis ${axis} of a tensor of rank ${rank}`);
}

const order: readonly Dtype[] = ["bool", "u8", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64"];

/** The type that two operands meet in; a scalar only lifts the kind of number, not its width. */
export function promote(a: ModelTensor, b: ModelTensor): Dtype {
  if (a.dtype === b.dtype) return a.dtype;
  const kind = (dtype: Dtype) => (isFloat(dtype) ? 2 : dtype === "bool" ? 0 : 1);
  if ((a.shape.length === 0) !== (b.shape.length === 0)) {
    const [scalar, tensor] = a.shape.length === 0 ? [a, b] : [b, a];
    return kind(scalar.dtype) > kind(tensor.dtype) ? scalar.dtype : tensor.dtype;
  }
  if (kind(a.dtype) !== kind(b.dtype)) return kind(a.dtype) > kind(b.dtype) ? a.dtype : b.dtype;
  return order.indexOf(a.dtype) > order.indexOf(b.dtype) ? a.dtype : b.dtype;
}

/** The type that several operands meet in. */
export function commonDtype(tensors: readonly ModelTensor[]): Dtype {
  let [held] = tensors;
  for (const tensor of tensors) if (held !== undefined) held = { ...held, dtype: promote(held, tensor) };
  return held?.dtype ?? "f32";
}
