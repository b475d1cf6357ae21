import { keepTimeline } from "../../cli/timeline-flags.ts";
/** `millrace sam simulate EXPRESSION`: compiles an expression and simulates its graph, checked where asked for. */

import { type Assignment, accessesOf, type CoordinateList, parseAssignment } from "@millrace/tensor";
import { buildCommand, type Command } from "@stricli/core";
import { bindingTable, type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting, type Workplace } from "../../cli/outcome.ts";
import { packOperands } from "../../inputs/graph-operands.ts";
import { type OperandUse, readOperands } from "../../inputs/operands.ts";
import {
  type CheckedResult,
  checkResult,
  checkToJson,
  checkToText,
  referenceValue,
} from "../../simulation/check-result.ts";
import { runToJson, runToText } from "../../simulation/describe-run.ts";
import { type GraphRun, runGraph } from "../../simulation/run-graph.ts";
import { type CompileFlags, compileExpression, compileFlags, expressionArgument } from "./compile-flags.ts";
import { keepRun } from "./keep-run.ts";
import { type SimulationFlags, settingsOf, simulationFlags } from "./simulation-flags.ts";

type SamSimulateFlags = CommonFlags & CompileFlags & SimulationFlags & { readonly check?: boolean | undefined };

/** The `sam simulate` command. */
export const samSimulate: Command<Invocation> = buildCommand<SamSimulateFlags, [string], Invocation>({
  docs: {
    brief: "Compile an expression and simulate its graph",
    customUsage: ["EXPRESSION -i NAME=VALUE... [-f NAME=FORMAT]... [--order i,j] [--check]"],
    fullDescription: describe(
      "Compiles one assignment in index notation as `sam compile` does and runs it as `sam run` does. With --check every\nvalue is compared with a reference evaluator; a difference ends with status 3.",
      [
        'millrace sam simulate "X(i,j)=B(i,k)*C(k,j)" --order i,k,j -i B=examples/data/karate.mtx -i C=random:34x8:0.3 --check',
      ],
    ),
  },
  parameters: {
    flags: {
      ...compileFlags,
      ...simulationFlags,
      check: { kind: "boolean", brief: "Compare every value with a reference", optional: true, withNegated: false },
      ...commonFlags,
    },
    aliases: { f: "format", i: "input" },
    positional: { kind: "tuple", parameters: [expressionArgument] },
  },
  func: presenting<SamSimulateFlags, [string]>("sam-simulate", async (flags, place, expression) => {
    const { graph } = compileExpression(expression, flags);
    const assignment = parseAssignment(expression);
    const lists = await operandsOf(assignment, flags, place);
    place.progress.begin(`simulating ${graph.name}`);
    const run = runGraph(graph, packOperands(graph, lists), settingsOf(flags, place));
    await keepRun(run, flags.out, place);
    keepTimeline(run.settings.timeline, flags, place);
    if (flags.check !== true || run.report.deadlock !== null) return uncheckedOutcome(run);
    place.progress.begin("checking every value");
    const name = assignment.output.tensor;
    return checkedOutcome(run, name, checkResult(run.outputs[name]!, referenceValue(assignment, lists)));
  }),
});

function operandsOf(
  assignment: Assignment,
  flags: SamSimulateFlags,
  place: Workplace,
): Promise<Readonly<Record<string, CoordinateList>>> {
  const uses = new Map<string, OperandUse>();
  for (const { tensor, indices } of accessesOf(assignment.right)) {
    if (!uses.has(tensor)) uses.set(tensor, { name: tensor, indices: indices.map(({ name }) => name) });
  }
  const bindings = bindingTable("--input", flags.input ?? []);
  return readOperands([...uses.values()], bindings, {
    folder: place.host.folder,
    seed: flags.seed,
    reading: place.reading,
  });
}

function uncheckedOutcome(run: GraphRun): Outcome {
  return { status: run.report.deadlock === null ? 0 : 3, json: () => runToJson(run), text: () => runToText(run) };
}

function checkedOutcome(run: GraphRun, name: string, check: CheckedResult): Outcome {
  return {
    status: check.differing === 0 ? 0 : 3,
    json: () => runToJson(run, { check: checkToJson(check) }),
    text: () => `${runToText(run)}\n${checkToText(name, check)}`,
  };
}
