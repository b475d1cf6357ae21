import type { Span } from "@millrace/ir-text";
import fc from "fast-check";
import type { Assignment, BinaryOperation, Expression, IndexVariable } from "../../../src/index.ts";

const span: Span = { source: { name: "generated", text: "" }, start: 0, end: 0 };
const orders = { s: 0, alpha: 0, b: 1, c: 1, A: 2, B: 2, T_1: 3 } as const;

/** The indices that generated expressions use. */
const indexNames = ["i", "j", "k"] as const;

const index: fc.Arbitrary<IndexVariable> = fc.constantFrom(...indexNames).map((name) => ({ name, span }));
const access: fc.Arbitrary<Expression> = fc
  .constantFrom(...(Object.keys(orders) as (keyof typeof orders)[]))
  .chain((tensor) =>
    fc
      .array(index, { minLength: orders[tensor], maxLength: orders[tensor] })
      .map((indices): Expression => ({ kind: "access", tensor, indices, span })),
  );
const literal: fc.Arbitrary<Expression> = fc
  .double({ min: 0, noNaN: true, noDefaultInfinity: true })
  .map((value): Expression => ({ kind: "literal", value: Math.abs(value), span }));

/** Any expression over a few tensors of fixed orders. */
const expressions: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.oneof(access, access, literal),
    tie("tree").map((operand): Expression => ({ kind: "neg", operand, span })),
    fc
      .tuple(fc.constantFrom<BinaryOperation["kind"]>("add", "sub", "mul", "div"), tie("tree"), tie("tree"))
      .map(([kind, left, right]): Expression => ({ kind, left, right, span })),
  ),
})).tree;

/** Any assignment of an expression to a scalar. */
export const assignments: fc.Arbitrary<Assignment> = fc
  .tuple(expressions, fc.constantFrom<Assignment["operator"]>("=", "+="))
  .map(([right, operator]) => ({
    output: { kind: "access", tensor: "out", indices: [], span },
    operator,
    right,
    span,
  }));
