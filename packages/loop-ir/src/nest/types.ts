/**
 * The types of a loop nest. What a buffer holds is an *element*; what an expression computes is a *value*. An `i8`
 * element is an `i32` once loaded (with its sign) and is cut back to 8 bits when stored; halves (`f16` of IEEE 754, `bf16`)
 * are `f32` once loaded, exactly, and are not stored; all other elements are values.
 */

/** A scalar value. Integers are two's complement and wrap; floats are IEEE 754, never contracted, never reordered. */
export type ScalarType = "bool" | "i32" | "i64" | "f32" | "f64";

/** What a buffer holds, one per entry: a `bool` takes a byte, 0 or 1. */
export type ElementType = ScalarType | "i8" | "f16" | "bf16";

/** The scalars that may be in the lanes of a vector. */
export type LaneType = "i32" | "i64" | "f32" | "f64";

/** `lanes` values computed side by side, in 16, 32, 64 or 128 bytes. */
export interface VectorType {
  readonly lane: LaneType;
  readonly lanes: number;
}

/** One truth value per lane of a vector whose lanes are `bits` wide: the result of comparing two vectors. */
export interface MaskType {
  readonly bits: 32 | 64;
  readonly lanes: number;
}

/** The type of an expression. */
export type Type = ScalarType | VectorType | MaskType;

/** Whether `type` is that of a vector (a mask is not one). */
export function isVector(type: Type): type is VectorType {
  return typeof type === "object" && "lane" in type;
}

/** Whether `type` is that of a mask. */
export function isMask(type: Type): type is MaskType {
  return typeof type === "object" && "bits" in type;
}

/** The scalar type in each lane of a vector; a scalar type itself. A mask has none: "bool". */
export function laneOf(type: Type): ScalarType {
  if (isVector(type)) return type.lane;
  return isMask(type) ? "bool" : type;
}

/** How many lanes `type` has; 1 for a scalar. */
export function lanesOf(type: Type): number {
  return typeof type === "object" ? type.lanes : 1;
}

/** The type that a comparison of two values of `type` has. */
export function comparisonOf(type: Type): Type {
  return isVector(type) ? { bits: elementBytes(type.lane) === 8 ? 64 : 32, lanes: type.lanes } : "bool";
}

/** Bytes that one entry of a buffer takes. */
export function elementBytes(element: ElementType): 1 | 2 | 4 | 8 {
  if (element === "i8" || element === "bool") return 1;
  if (element === "f16" || element === "bf16") return 2;
  return element === "i32" || element === "f32" ? 4 : 8;
}

/** The value that loading an `element` gives. */
export function valueTypeOf(element: ElementType): ScalarType {
  if (element === "f16" || element === "bf16") return "f32";
  return element === "i8" ? "i32" : element;
}

/** Whether entries take fewer bytes than their values: loading widens them. */
export function isNarrow(element: ElementType): element is "i8" | "f16" | "bf16" {
  return element === "i8" || element === "f16" || element === "bf16";
}

/** Whether the scalar in `type` is a float. */
export function isFloat(type: Type): boolean {
  const lane = laneOf(type);
  return lane === "f32" || lane === "f64";
}

/** Whether the scalar in `type` is an integer; a `bool` is none. */
export function isInteger(type: Type): boolean {
  const lane = laneOf(type);
  return lane === "i32" || lane === "i64";
}

/** Whether two types are the same. */
export function sameType(a: Type, b: Type): boolean {
  return typeName(a) === typeName(b);
}

/** How a type is written: `f64`, `f32x4`, `mask32x4`. */
export function typeName(type: Type): string {
  if (isVector(type)) return `${type.lane}x${type.lanes}`;
  return isMask(type) ? `mask${type.bits}x${type.lanes}` : type;
}
