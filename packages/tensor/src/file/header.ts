import type { ValueType } from "../storage/tensor.ts";

/** The file formats read and written here, by the name users give on a command line. */
export type TensorFileFormat =
  | "matrix-market"
  | "frostt"
  | "parti"
  | "genten"
  | "extended-frostt"
  | "smtx"
  | "npy"
  | "npz";

/** Which half of a matrix a Matrix Market file leaves out, and how it repeats the other. */
export type Symmetry = "general" | "symmetric" | "skew-symmetric" | "hermitian";

/** What the file says its values are; `pattern` files have none, and every entry counts as 1. */
export type Field = "real" | "integer" | "complex" | "pattern";

/** What a tensor file says about itself, and what was found in it. */
export interface TensorFileHeader {
  readonly format: TensorFileFormat;
  /** The format's own words for its flavour: `coordinate real symmetric`, `indices-start-at-one`, `<f8 fortran`, or empty. */
  readonly variant: string;
  /** Extents, outermost first. A `frostt` file states none: these are its largest coordinates. */
  readonly shape: readonly number[];
  readonly field: Field;
  readonly symmetry: Symmetry;
  readonly valueType: ValueType;
  /** Entries written in the file, duplicates and explicit zeros included; elements, for a dense array. */
  readonly storedEntries: number;
}
