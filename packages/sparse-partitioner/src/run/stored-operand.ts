/** Operands as kernels take them: dense and compressed levels, float64 values, stored in the order of the loops. */
import {
  convert,
  entryCount,
  formatName,
  formatOf,
  type Level,
  type LevelKind,
  pack,
  printFormat,
  type Tensor,
  type TensorFormat,
  unpack,
} from "@millrace/tensor";
import { PartitionError } from "../errors.ts";

/** A tensor under the variables of one use. */
export interface StoredOperand {
  readonly tensor: Tensor;
  /** Variable of each level, outermost level first. */
  readonly variables: readonly string[];
}

/** What was done to an operand before the loops, in words. */
export type Notes = string[];

/** Whether kernels walk a level as it is. */
function isNative({ kind }: Level): boolean {
  return kind === "dense" || kind === "compressed";
}

/**
 * A use of a tensor with levels that kernels know. A repeated variable takes the diagonal; lists, bitvectors, hash tables
 * and blocks become compressed levels.
 *
 * @throws {PartitionError} `operand-type` for complex values
 */
export function nativeOperand(name: string, given: Tensor, variables: readonly string[], notes: Notes): StoredOperand {
  if (given.valueType === "complex128")
    throw new PartitionError("operand-type", `${name} holds complex numbers; kernels compute with float64`);
  const distinct = [...new Set(variables)];
  const tensor = distinct.length === variables.length ? given : diagonal(name, given, { variables, notes });
  const native = tensor.levels.every(isNative) ? asFloat64(tensor) : simplified(name, tensor, notes);
  return { tensor: native, variables: native.format.modeOrder.map((mode) => distinct[mode]!) };
}

function asFloat64(tensor: Tensor): Tensor {
  if (tensor.values instanceof Float64Array) return tensor;
  return { ...tensor, valueType: "float64", values: Float64Array.from(tensor.values) };
}

function diagonal(
  name: string,
  tensor: Tensor,
  { variables, notes }: { readonly variables: readonly string[]; readonly notes: Notes },
): Tensor {
  const list = unpack(tensor);
  const distinct = [...new Set(variables)];
  const kept: number[] = [];
  for (let e = 0; e < entryCount(list); e++) {
    const agrees = variables.every(
      (variable, mode) => list.coordinates[mode]![e] === list.coordinates[variables.indexOf(variable)]![e],
    );
    if (agrees) kept.push(e);
  }
  const modes = distinct.map((variable) => variables.indexOf(variable));
  notes.push(`take the diagonal of ${name} where ${variables.join(",")} agree: ${kept.length} entries`);
  const diagonalList = {
    shape: modes.map((mode) => list.shape[mode]!),
    coordinates: modes.map((mode) => Int32Array.from(kept, (e) => list.coordinates[mode]![e]!)),
    valueType: "float64" as const,
    values: Float64Array.from(kept, (e) => list.values[e]!),
  };
  return pack(diagonalList, compressedLike(modes.length));
}

function compressedLike(order: number): TensorFormat {
  return formatOf(Array.from({ length: order }, (): LevelKind => "compressed"));
}

function simplified(name: string, tensor: Tensor, notes: Notes): Tensor {
  const { format } = tensor;
  const order = tensor.shape.length;
  const modes = format.modeOrder.slice(0, order);
  const kinds = format.levels.slice(0, order).map(({ kind }): LevelKind => (kind === "dense" ? "dense" : "compressed"));
  const target = formatOf(kinds, modes);
  const sorted = format.levels.some(({ kind }) => kind === "hashed");
  notes.push(`${sorted ? "sort" : "compress"} ${name}: ${nameOf(format)} to ${nameOf(target)}`);
  return convert(tensor, target, { valueType: "float64" });
}

/** An operand stored anew so that its levels follow `order`. */
export function transposedOperand(
  name: string,
  { tensor, variables }: StoredOperand,
  order: readonly string[],
  notes: Notes,
): StoredOperand {
  const sorted = order.filter((variable) => variables.includes(variable));
  const modeOf = (variable: string): number => tensor.format.modeOrder[variables.indexOf(variable)]!;
  const modes = sorted.map(modeOf);
  const entries = tensor.values.length;
  const first: LevelKind = tensor.shape[modes[0]!]! <= 4 * entries ? "dense" : "compressed";
  const kinds = modes.map((_, l): LevelKind => (l === 0 ? first : "compressed"));
  const target = formatOf(kinds, modes);
  notes.push(`transpose ${name}: ${nameOf(tensor.format)} to ${nameOf(target)}`);
  return { tensor: convert(tensor, target), variables: sorted };
}

function nameOf(format: TensorFormat): string {
  return formatName(format) ?? printFormat(format);
}
