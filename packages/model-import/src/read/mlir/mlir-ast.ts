/** MLIR as read: operations with regions, whatever syntax they were written in. */
import type { Span } from "@millrace/ir-text";
import type { Dtype } from "../../graph/dtype.ts";
import type { SparseEncoding } from "../../graph/encoding.ts";

/** A type. Scalars and whatever is not looked into have no shape. */
export interface MlirType {
  readonly kind: "tensor" | "memref" | "scalar" | "other";
  readonly dtype: Dtype | undefined;
  /** `undefined` for an extent that is known at run time only. */
  readonly shape: readonly (number | undefined)[];
  readonly encoding: SparseEncoding | undefined;
  /** As written. */
  readonly text: string;
}

/** `(d0, d1) -> (d1, 0)`: for each result a dimension, or a constant. */
export interface AffineMap {
  readonly dimensions: readonly string[];
  readonly results: readonly (
    | { readonly dimension: number }
    | { readonly constant: number }
    | { readonly other: string }
  )[];
}

/** An attribute. */
export type MlirAttribute =
  | number
  | string
  | boolean
  | AffineMap
  | DenseElements
  | { readonly symbol: string }
  | { readonly type: MlirType }
  | readonly MlirAttribute[]
  | MlirAttributes;

/** Numbers of a constant tensor; one number stands for all elements. */
export interface DenseElements {
  readonly elements: readonly number[];
  readonly elided: boolean;
}

/** Attributes by name. */
export interface MlirAttributes {
  readonly [name: string]: MlirAttribute;
}

/** An argument of a block. */
export interface BlockArgument {
  readonly name: string;
  readonly type: MlirType;
}

/** A body with one block. */
export interface MlirRegion {
  readonly arguments: readonly BlockArgument[];
  readonly operations: readonly MlirOperation[];
}

/** One operation. */
export interface MlirOperation {
  readonly name: string;
  readonly results: readonly string[];
  readonly operands: readonly string[];
  readonly attributes: MlirAttributes;
  readonly regions: readonly MlirRegion[];
  readonly resultTypes: readonly MlirType[];
  readonly span: Span;
}

/** A function and, if its body could not be read, that it could not. */
export interface MlirFunction {
  readonly name: string;
  readonly arguments: readonly BlockArgument[];
  readonly body: MlirRegion | undefined;
  readonly span: Span;
}
