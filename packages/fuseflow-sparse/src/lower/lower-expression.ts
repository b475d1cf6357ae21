/**
 * From index notation to a SAM graph: the door of this folder.
 */
import { DiagnosticError } from "@millrace/ir-text";
import { type Assignment, parseAssignment, printAssignment } from "@millrace/tensor";
import type { SamGraph } from "../sam/graph.ts";
import { type LoweringPlan, lowerAssignment } from "./lower-assignment.ts";
import { type LowerOptions, planLowering } from "./plan-lowering.ts";

/** A graph made from an expression, and the choices made on the way. */
export interface LoweredExpression {
  readonly graph: SamGraph;
  /** The loops, outermost first. */
  readonly order: readonly string[];
}

/**
 * Lowers one assignment in index notation to a SAM graph.
 *
 * Products are distributed over sums; each product is summed over its own reduction indices. Every loop of the graph is
 * one index variable in the given order; loops over indices of the result are shared by all products.
 *
 * @throws {DiagnosticError} notation faults, and `lower-*` for what has no SAM graph: each with its place, all at once
 * @example
 * lowerExpression("y(i) = A(i,j) * x(j)", { formats: { A: "ds", x: "d" } }).order; // => ["i", "j"]
 */
export function lowerExpression(expression: string | Assignment, options: LowerOptions = {}): LoweredExpression {
  const assignment = typeof expression === "string" ? parseAssignment(expression) : expression;
  const plan = planLowering(assignment, printAssignment(assignment), options);
  const { graph, complete } = lowerAssignment(plan);
  refuseIncompleteDense(plan, complete);
  return { graph, order: plan.order };
}

// A dense level stores no coordinates, so it can only be written when every coordinate occurs.
function refuseIncompleteDense({ assignment, resultKinds }: LoweringPlan, complete: ReadonlySet<string>): void {
  const { tensor, indices, span } = assignment.output;
  const incomplete = indices.filter(({ name }) => resultKinds.get(name) === "dense" && !complete.has(name));
  if (incomplete.length === 0) return;
  throw new DiagnosticError(
    incomplete.map(({ name, span: at }) => ({
      severity: "error",
      code: "lower-result-dense",
      message: `${tensor} cannot store ${name} densely: the operands do not hold every coordinate of it`,
      span: at ?? span,
      help: "store this level compressed (s)",
    })),
  );
}
