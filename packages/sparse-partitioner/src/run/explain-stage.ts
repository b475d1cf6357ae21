/** A statement and its plan in words, and its loops as nests. */
import type { Nest } from "@millrace/loop-ir";
import { printFormat } from "@millrace/tensor";
import { printFormula } from "../iteration/statement.ts";
import { lowerLoops } from "../lower/lower.ts";
import { explain } from "../partition/explain.ts";
import type { StagePlan, StageRunner } from "./run-stage.ts";

/** What a stage computes, what is done before, and how each of its phases is divided. */
export function explainStage({ stage }: StageRunner, plan: StagePlan | undefined): string {
  const { statement, order, operands, notes, final, result } = stage;
  const sum = statement.reduced.length === 0 ? "" : `sum over ${statement.reduced.join(",")} of `;
  const output =
    statement.variables.length === 0 ? statement.output : `${statement.output}(${statement.variables.join(",")})`;
  const stored = operands.map(({ tensor }, at) => `${stage.spec[at]!.name} ${printFormat(tensor.format)}`);
  const kinds = result.sparse.map((isSparse) => (isSparse ? "s" : "d")).join("");
  return [
    `${output} = ${sum}${printFormula(statement.formula, statement.operands)}`,
    `loops ${order.length === 0 ? "none" : order.join(",")}; operands ${stored.join(", ")}; result ${final.kind} ${kinds}`,
    ...notes.map((note) => `before: ${note}`),
    ...(plan?.phases ?? []).map((phase, at) => `phase ${at + 1}: ${explain(phase.plan)}`),
    "",
  ].join("\n");
}

/** The loops of a stage as they run in so many units: one nest for each phase that has any. */
export function nestsOf(runner: StageRunner, units: number): Nest[] {
  return runner.specs(units).map(lowerLoops);
}
