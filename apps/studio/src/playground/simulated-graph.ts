/** The expression as a graph of the Sparse Abstract Machine, simulated cycle by cycle. */
import { formatOfStored, lowerExpression, plainGraph, printGraphviz, simulateSam } from "@millrace/fuseflow-sparse";
import { pack, printFormat } from "@millrace/tensor";
import type { SimulatedGraph } from "./answer.ts";
import type { Setting } from "./compute.ts";

/** Lowers, simulates and checks. @throws what the packages throw for what they cannot do */
export function simulatedGraph({ assignment, request, operands, check }: Setting): SimulatedGraph {
  const asked = Object.entries(request.formats).filter(([name]) => name === assignment.output.tensor);
  const formats = Object.fromEntries([
    ...operands
      .filter(({ drawn }) => drawn.shape.length > 0)
      .map(({ drawn, tensor }) => [drawn.name, printFormat(tensor.format)]),
    ...asked,
  ]);
  const loops = orderOf(request.order);
  const { graph, order } = lowerExpression(assignment, { formats, ...(loops === undefined ? {} : { order: loops }) });
  const stored = operands.map(({ drawn, list }) => [
    drawn.name,
    pack(list, formatOfStored(graph.tensors[drawn.name]!), { valueType: "float64" }),
  ]);
  const { report, outputs, counts } = simulateSam(graph, Object.fromEntries(stored));
  return {
    graph: plainGraph(graph, report),
    text: printGraphviz(graph),
    order,
    cycles: report.cycles,
    tokens: counts.tokens,
    checked: check(outputs[assignment.output.tensor]!),
  };
}

/** The loops that a text asks for; undefined for a blank one. */
export function orderOf(text: string): readonly string[] | undefined {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  return names.length === 0 ? undefined : names;
}
