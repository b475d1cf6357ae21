import type { Span } from "@millrace/ir-text";

/**
 * Index notation: `y(i) = A(i,j) * x(j) + z(i)`.
 *
 * Trees are plain values; a node stands in one place of one tree. What the indices that are not on the left mean is
 * in {@link reductionsOf}.
 */

/** A name that ranges over one mode of every tensor it indexes. */
export interface IndexVariable {
  readonly name: string;
  readonly span: Span;
}

/** One element of a tensor for each value of its indices: `A(i,j)`; a tensor of order 0 is written `s` or `s()`. */
export interface Access {
  readonly kind: "access";
  /** Name of the tensor. */
  readonly tensor: string;
  /** One index for each mode, outermost mode first; an index may repeat (`A(i,i)` is the diagonal). */
  readonly indices: readonly IndexVariable[];
  readonly span: Span;
}

/** A number, finite and not negative as parsed. */
export interface Literal {
  readonly kind: "literal";
  readonly value: number;
  readonly span: Span;
}

/** `-operand`. */
export interface Negation {
  readonly kind: "neg";
  readonly operand: Expression;
  readonly span: Span;
}

/** `left + right`, `left - right`, `left * right` or `left / right`, element by element. */
export interface BinaryOperation {
  readonly kind: "add" | "sub" | "mul" | "div";
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** A value for each point of an index space. */
export type Expression = Access | Literal | Negation | BinaryOperation;

/** One statement: the output takes (`=`), or is increased by (`+=`), the value of the right side. */
export interface Assignment {
  readonly output: Access;
  readonly operator: "=" | "+=";
  readonly right: Expression;
  readonly span: Span;
}
