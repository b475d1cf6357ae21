/** The expression as a graph of the Sparse Abstract Machine, simulated cycle by cycle. */
import {
  describeBlock,
  familyOf,
  formatOfStored,
  lowerExpression,
  printGraphviz,
  type SamGraph,
  simulateSam,
} from "@millrace/fuseflow-sparse";
import { pack, printFormat } from "@millrace/tensor";
import type { GraphView } from "../view/graph.ts";
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
    graph: graphView(graph, report),
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

function graphView({ blocks, edges }: SamGraph, report: ReturnType<typeof simulateSam>["report"]): GraphView {
  const times = new Map(report.nodes.map((node) => [node.id, node]));
  const traffic = new Map(report.channels.map((channel) => [channel.id, channel]));
  return {
    cycles: report.cycles,
    nodes: blocks.map((block) => {
      const time = times.get(block.id);
      const counters = time && { busy: time.busy, starved: time.starved, blocked: time.blocked };
      return {
        id: block.id,
        label: describeBlock(block).replaceAll("\n", ", "),
        kind: familyOf(block),
        ...(counters && { counters }),
      };
    }),
    edges: edges.map(({ id, kind, from, to }) => {
      const channel = traffic.get(id);
      return {
        from: from.block,
        to: to.block,
        label: kind,
        ...(channel && { tokens: channel.tokens, highWater: channel.highWater }),
      };
    }),
  };
}
