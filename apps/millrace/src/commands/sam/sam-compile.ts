/** `millrace sam compile EXPRESSION`: the SAM graph of one expression, as text or as a picture. */

import { drawGraph, printGraphJson, printGraphviz, type SamGraph } from "@millrace/fuseflow-sparse";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { type CompileFlags, compileExpression, compileFlags, expressionArgument } from "./compile-flags.ts";

/** The forms in which a graph is printed. */
export type GraphForm = "gv" | "svg" | "json";

type SamCompileFlags = CommonFlags & CompileFlags & { readonly emit: GraphForm };

/** The `sam compile` command. */
export const samCompile: Command<Invocation> = buildCommand<SamCompileFlags, [string], Invocation>({
  docs: {
    brief: "Compile an expression to a SAM graph",
    customUsage: ["EXPRESSION [-f NAME=FORMAT]... [--order i,j] [--emit gv|svg|json]"],
    fullDescription: describe(
      "Lowers one assignment in index notation to a dataflow graph of the Sparse Abstract Machine and prints it.\nTensors are stored compressed unless a format says otherwise.",
      [
        'millrace sam compile "X(i,j)=B(i,k)*C(k,j)" -f B=ds -f C=ds --order i,k,j',
        'millrace sam compile "y(i)=A(i,j)*x(j)" --emit svg > spmv.svg',
      ],
    ),
  },
  parameters: {
    flags: {
      ...compileFlags,
      emit: { kind: "enum", values: ["gv", "svg", "json"], brief: "Form of the graph", default: "gv" },
      ...commonFlags,
    },
    aliases: { f: "format" },
    positional: { kind: "tuple", parameters: [expressionArgument] },
  },
  func: presenting<SamCompileFlags, [string]>("sam-compile", async (flags, place, expression) => {
    const { graph, order } = compileExpression(expression, flags);
    const text = await graphText(graph, flags.emit);
    if (flags.out !== undefined) place.write(`${flags.out}/${graph.name}.${flags.emit}`, text);
    const { blocks, edges, tensors } = graph;
    return {
      json: () => ({
        name: graph.name,
        expression: graph.expression ?? expression,
        order,
        tensors: JSON.parse(JSON.stringify(tensors)),
        blocks: blocks.length,
        edges: edges.length,
        form: flags.emit,
        text,
      }),
      text: () => text,
    };
  }),
});

/** A graph as text in one of its forms. */
async function graphText(graph: SamGraph, form: GraphForm): Promise<string> {
  if (form === "gv") return printGraphviz(graph);
  return form === "json" ? printGraphJson(graph) : drawGraph(graph);
}
