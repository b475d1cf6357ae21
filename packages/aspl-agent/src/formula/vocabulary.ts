/** The functions that formulas may call. */
import { each, pairwise } from "./arithmetic.ts";
import { erf } from "./erf.ts";
import type { Make } from "./step.ts";
import { dot, meanFill, oneHot2, outer, rope, softmax, sumAll, topkMask, transpose, vecmat } from "./vector-steps.ts";

/** Functions by name, with the number of arguments. */
export const vocabulary: ReadonlyMap<string, { readonly arity: number; readonly make: Make }> = new Map([
  ["exp", each(Math.exp)],
  ["log", each(Math.log)],
  ["sqrt", each(Math.sqrt)],
  ["abs", each(Math.abs)],
  ["tanh", each(Math.tanh)],
  ["relu", each((z) => Math.max(z, 0))],
  ["sigmoid", each((z) => 1 / (1 + Math.exp(-z)))],
  ["silu", each((z) => z / (1 + Math.exp(-z)))],
  ["gelu", each((z) => 0.5 * z * (1 + erf(z * Math.SQRT1_2)))],
  ["max2", pairwise(Math.max)],
  ["min2", pairwise(Math.min)],
  ["sum", { arity: 1, make: sumAll }],
  ["meanFill", { arity: 1, make: meanFill }],
  ["dot", { arity: 2, make: dot }],
  ["outer", { arity: 2, make: outer }],
  ["vecmat", { arity: 2, make: vecmat }],
  ["transpose", { arity: 1, make: transpose }],
  ["softmax", { arity: 1, make: softmax }],
  ["topkMask", { arity: 2, make: topkMask }],
  ["oneHot2", { arity: 1, make: oneHot2 }],
  ["ropeHalf", { arity: 2, make: (args, name) => rope(args, name, true) }],
  ["ropeInterleaved", { arity: 2, make: (args, name) => rope(args, name, false) }],
]);
