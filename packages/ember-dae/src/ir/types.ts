/** Types of the four levels, as the text that stands for them; equal types are equal strings. */

/** `index`, `f32`, `memref<?x?xf32>`, `vector<8xf32>`, `!slc.stream<index>`, `!slc.buffer<…>`, `!slc.variable<f32>`, `!dlc.tu`. */
export type IrType = string;

/** Element types that memory holds. */
export type Element = "f64" | "f32" | "f16" | "bf16" | "i64" | "i32" | "i8" | "index";

/** The stream that carries a type from the access unit. */
export function streamOf(type: IrType): IrType {
  return `!slc.stream<${type}>`;
}

/** What a stream, buffer or variable holds; `undefined` for any other type. */
export function heldBy(kind: "stream" | "buffer" | "variable", type: IrType): IrType | undefined {
  const open = `!slc.${kind}<`;
  return type.startsWith(open) && type.endsWith(">") ? type.slice(open.length, -1) : undefined;
}

/** A vector of `lanes` elements. */
export function vectorOf(lanes: number, element: IrType): IrType {
  return `vector<${lanes}x${element}>`;
}

/** Lanes and element of a vector type. */
export function asVector(type: IrType): { readonly lanes: number; readonly element: IrType } | undefined {
  const [, lanes, element] = /^vector<(\d+)x([a-z0-9]+)>$/.exec(type) ?? [];
  return lanes === undefined || element === undefined ? undefined : { lanes: Number(lanes), element };
}

/** Rank and element of a memory of any extents. */
export function asMemory(type: IrType): { readonly rank: number; readonly element: Element } | undefined {
  const [, extents, element] = /^memref<((?:(?:\?|\d+)x)*)(f64|f32|f16|bf16|i64|i32|i8|index)>$/.exec(type) ?? [];
  return extents === undefined || element === undefined
    ? undefined
    : { rank: extents.split("x").length - 1, element: element as Element };
}

/** A memory of `rank` dimensions whose extents are known when it runs. */
export function memoryOf(rank: number, element: Element): IrType {
  return `memref<${"?x".repeat(rank)}${element}>`;
}

/** Whether values of a type, or of its lanes, are floating-point numbers. */
export function isFloat(type: IrType): boolean {
  return /^(bf16|f16|f32|f64)$/.test(asVector(type)?.element ?? type);
}
