/**
 * Einsum programs: a model as a list of named statements in index notation.
 *
 * All tensors mean what dense tensors mean: an entry that is not stored is zero. The one exception is `softmax`, which runs
 * over the stored entries of its operand where that operand has a pattern (see patterns.ts), and over all entries elsewhere.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 4: models as Einsum programs.
 */
import type { Span } from "@millrace/ir-text";
import type { UnaryOperation } from "../sam/graph.ts";

/** Operators of two operands. */
export type ProgramBinary = "mul" | "div" | "add" | "sub" | "max";

/** The right-hand side of a statement. */
export type ProgramExpression =
  | { readonly kind: "access"; readonly tensor: string; readonly indices: readonly string[] }
  | {
      readonly kind: "unary";
      readonly operation: UnaryOperation;
      readonly constant?: number;
      readonly operand: ProgramExpression;
    }
  | {
      readonly kind: "binary";
      readonly operation: ProgramBinary;
      readonly left: ProgramExpression;
      readonly right: ProgramExpression;
    }
  | {
      readonly kind: "reduction";
      readonly operation: "add" | "max";
      readonly over: readonly string[];
      readonly operand: ProgramExpression;
    }
  | { readonly kind: "softmax"; readonly over: string; readonly operand: ProgramExpression };

/** An extent: a number, or the name of a size that data settles. */
export type ProgramExtent = number | string;

/** A tensor that a program is given. */
export interface ProgramInput {
  readonly name: string;
  readonly shape: readonly ProgramExtent[];
  /** Level kinds `d` and `s`, outermost first, with digits for the mode of each level where it is not its own: `ds`, `ss10`. */
  readonly format: string;
  readonly span?: Span;
}

/** One named step of a program: `tensor(indices) = expression`. */
export interface ProgramStatement {
  readonly tensor: string;
  readonly indices: readonly string[];
  /** Sums are explicit: no variable of it is missing in `indices` unless a reduction runs over it. */
  readonly expression: ProgramExpression;
  readonly span?: Span;
}

/** Statements that are fused into one graph: the `Fuse{}` of the paper. */
export interface ProgramRegion {
  readonly name: string;
  /** The results of its statements, in program order. */
  readonly tensors: readonly string[];
}

/** A model as einsum statements, each using inputs and earlier results. */
export interface EinsumProgram {
  readonly name: string;
  readonly inputs: readonly ProgramInput[];
  readonly statements: readonly ProgramStatement[];
  /** Results wanted, by name. */
  readonly outputs: readonly string[];
  /** Regions written in the text; statements outside of them stand alone. */
  readonly regions?: readonly ProgramRegion[];
}

/** The accesses of an expression, from left to right. */
export function accessesIn(
  expression: ProgramExpression,
): readonly Extract<ProgramExpression, { readonly kind: "access" }>[] {
  switch (expression.kind) {
    case "access":
      return [expression];
    case "binary":
      return [...accessesIn(expression.left), ...accessesIn(expression.right)];
    default:
      return accessesIn(expression.operand);
  }
}

/** The variables of an expression's result: those that are not reduced inside it, in order of first use. */
export function variablesOf(expression: ProgramExpression): readonly string[] {
  switch (expression.kind) {
    case "access":
      return [...new Set(expression.indices)];
    case "binary":
      return [...new Set([...variablesOf(expression.left), ...variablesOf(expression.right)])];
    case "reduction":
      return variablesOf(expression.operand).filter((variable) => !expression.over.includes(variable));
    default:
      return variablesOf(expression.operand);
  }
}
