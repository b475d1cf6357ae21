/** One graph for models of every origin: typed values, neutral operators, symbolic sizes, lazily read weights. */
import type { TensorFormat } from "@millrace/tensor";
import type { Dtype } from "./dtype.ts";
import type { SparseEncoding } from "./encoding.ts";
import type { Place } from "./place.ts";
import type { Size, SizeSymbol } from "./size.ts";
import type { Weight } from "./weight.ts";

/** The file formats a model can come from. */
export type ModelFormat =
  | "pt2"
  | "aten-text"
  | "fx-text"
  | "fx-json"
  | "onnx"
  | "graphdef"
  | "tfjs"
  | "mlir"
  | "einsum";

/** What a model was read from. */
export interface ModelSource {
  readonly format: ModelFormat;
  /** As the caller called it. */
  readonly file: string;
  /** Layout or schema version, in the words of the format; empty if there is none. */
  readonly version: string;
  /** The program that wrote it, if it says so. */
  readonly producer: string;
}

/** How a value's elements are laid out: all of them, or only entries with coordinates (a sparse COO tensor of PyTorch). */
export type Layout = "strided" | "coo";

/** What is known of a value before anything runs. */
export interface Value {
  /** `undefined` where the file does not say and it cannot be inferred. */
  readonly dtype: Dtype | undefined;
  /** Outermost first; `undefined` where not even the rank is known. */
  readonly shape: readonly Size[] | undefined;
  readonly layout: Layout;
  /** How it is or should be stored, if an annotation or the file says so. */
  readonly format?: TensorFormat | undefined;
  /** The MLIR encoding `format` was derived from; it may say more than `format` can. */
  readonly encoding?: SparseEncoding | undefined;
  /** The scalar integer this value is, where it stands for a size. */
  readonly size?: Size | undefined;
  /** What MLIR calls its type where it is no tensor: `memref<?xf32>`, `index`. */
  readonly type?: string | undefined;
}

/** A constant argument of a node. Sizes may be symbolic; -1 in a shape means "what is left". */
export type Attribute = number | boolean | string | null | Size | { readonly value: string } | readonly Attribute[];

/** A nested body: of a loop, a branch, or a `generic` operation. It sees the values of the graph around it. */
export interface Region {
  readonly name: string;
  /** Values that the body is given, in order. */
  readonly inputs: readonly string[];
  /** Values that it gives back, in order. */
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
}

/** One operation. */
export interface Node {
  /** Unique in the graph, its regions included. */
  readonly name: string;
  /** Neutral name of the operation, as in the table of operators. */
  readonly op: string;
  /** Names of values, in the operator's order; `null` where an optional one is left out. */
  readonly inputs: readonly (string | null)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Names of values; `""` where a result is not wanted. */
  readonly outputs: readonly string[];
  readonly place: Place;
  readonly regions: readonly Region[];
}

/** A recognised pattern: which nodes together are what. The nodes stay. */
export interface Tag {
  readonly pattern: string;
  /** Names of the nodes it covers, in graph order. */
  readonly nodes: readonly string[];
  /** Values by their role in the pattern, such as `data`, `mask`, `weight`, `result`. */
  readonly roles: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A model: a function from input tensors to output tensors. */
export interface ModelGraph {
  readonly name: string;
  readonly source: ModelSource;
  /** Values the caller gives, in calling order. Each has an entry in `values`. */
  readonly inputs: readonly string[];
  /** What the caller calls the inputs, parallel to `inputs`. */
  readonly inputNames: readonly string[];
  /** Values it gives back, in order. */
  readonly outputs: readonly string[];
  /** What the file calls the outputs, parallel to `outputs`. */
  readonly outputNames: readonly string[];
  /** Constants by value name. A `undefined` weight is one whose bytes did not come with the model. */
  readonly params: ReadonlyMap<string, Param>;
  /** In an order in which every value is defined before it is used. */
  readonly nodes: readonly Node[];
  /** Every value by name, those of regions included. */
  readonly values: ReadonlyMap<string, Value>;
  readonly symbols: ReadonlyMap<string, SizeSymbol>;
  readonly tags: readonly Tag[];
}

/** A constant of the model. */
export interface Param {
  /** What the model calls it: `layers.0.weight`. */
  readonly name: string;
  /** `undefined` if the file has the graph without this weight; inputs may then give it. */
  readonly weight: Weight | undefined;
  /** The value of every element, where the reader saw that all are the same. */
  readonly uniform?: number;
}
