import type { Diagnostic, SyntaxCode } from "@millrace/ir-text";

/** What a diagnostic about index notation is about; programs switch on this. */
export type NotationCode =
  /** Faults of spelling and grammar. */
  | SyntaxCode
  /** `^`, `@`, `==` and the like. */
  | "operator-unknown"
  /** More than 1000 operators. */
  | "expression-too-long"
  /** A tensor with more than 64 indices. */
  | "order-too-large"
  /** A tensor is used with two different numbers of indices. */
  | "order-mismatch"
  /** No tensor on the right has this index of the output, so its extent is unknown. */
  | "output-index-unbound"
  /** The output names an index twice. */
  | "output-index-repeated"
  /** The output is also an operand. */
  | "output-operand"
  /** A name is an index in one place and a tensor in another. */
  | "index-as-tensor"
  /** There is no shape or value for a tensor. */
  | "operand-missing"
  /** A tensor is used with a number of indices that its shape does not have. */
  | "operand-order"
  /** An index would have two different extents. */
  | "extent-mismatch";

/** A diagnostic with one of the codes of index notation. */
export interface NotationDiagnostic extends Diagnostic {
  readonly code: NotationCode;
}
