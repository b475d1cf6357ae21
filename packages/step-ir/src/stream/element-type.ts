/** What the elements of a stream are, and how many bytes they take. */
import { add, constant, extentOf, multiply } from "../extent/arithmetic.ts";
import type { Extent, ExtentLike } from "../extent/extent.ts";
import { groupSize, printShape, type Shape } from "./shape.ts";

/** Type of the numbers in a tile. */
export type ScalarType = "f16" | "bf16" | "f32" | "u32" | "u64" | "bool";

/** Bytes of one number of each type. */
export const scalarBytes: Readonly<Record<ScalarType, number>> = { f16: 2, bf16: 2, f32: 4, u32: 4, u64: 8, bool: 1 };

/** A two-dimensional block. An extent with symbols may differ from tile to tile; one symbol stands for all of them. */
export interface TileType {
  readonly kind: "tile";
  readonly scalar: ScalarType;
  readonly rows: Extent;
  readonly columns: Extent;
}

/** A choice among outputs: any number of `width` of them (`multihot`), or `width` indices (`index`). */
export interface SelectorType {
  readonly kind: "selector";
  readonly encoding: "multihot" | "index";
  readonly width: number;
}

/** A handle to tiles held on chip; only its outermost dimension may be ragged. */
export interface BufferType {
  readonly kind: "buffer";
  readonly element: TileType;
  readonly shape: Shape;
}

/** Several elements side by side. */
export interface TupleType {
  readonly kind: "tuple";
  readonly parts: readonly ElementType[];
}

/** Type of one element of a stream. */
export type ElementType = TileType | SelectorType | BufferType | TupleType;

/** The type of a tile. */
export function tile(scalar: ScalarType, rows: ExtentLike, columns: ExtentLike): TileType {
  return { kind: "tile", scalar, rows: extentOf(rows), columns: extentOf(columns) };
}

/** The type of a choice of any number of `width` outputs. */
export function multihot(width: number): SelectorType {
  return { kind: "selector", encoding: "multihot", width };
}

/** The type of `width` indices of outputs. */
export function index(width: number): SelectorType {
  return { kind: "selector", encoding: "index", width };
}

/** The type of an address, or of any one count: a single `u64`. */
export const addressType: TileType = tile("u64", 1, 1);

/** The type of what a random store answers. */
export const acknowledgementType: TileType = tile("bool", 1, 1);

/** Whether the elements are single integers: counts, or addresses. */
export function isNumber(type: ElementType): boolean {
  if (type.kind !== "tile") return false;
  return (type.scalar === "u64" || type.scalar === "u32") && type.rows.value === 1 && type.columns.value === 1;
}

/** Bytes of one element; of a buffer, of everything it holds. */
export function bytesOf(type: ElementType): Extent {
  switch (type.kind) {
    case "tile":
      return multiply(scalarBytes[type.scalar], type.rows, type.columns);
    case "selector":
      return constant(type.encoding === "multihot" ? type.width : 2 * type.width);
    case "buffer":
      return multiply(groupSize(type.shape), bytesOf(type.element));
    case "tuple":
      return add(...type.parts.map(bytesOf));
  }
}

/** Whether two types are the same. */
export function sameElement(a: ElementType, b: ElementType): boolean {
  return printElement(a) === printElement(b);
}

/** As text: `f32[16, 64]`, `multihot(8)`, `index(2)`, `buffer(f32[16, 64], [4])`, `tuple(f32[1, 1], u64[1, 1])`. */
export function printElement(type: ElementType): string {
  switch (type.kind) {
    case "tile":
      return `${type.scalar}[${type.rows}, ${type.columns}]`;
    case "selector":
      return `${type.encoding}(${type.width})`;
    case "buffer":
      return `buffer(${printElement(type.element)}, ${printShape(type.shape)})`;
    case "tuple":
      return `tuple(${type.parts.map(printElement).join(", ")})`;
  }
}
