/** A fused model as views of the studio: its regions side by side, joined by the tensors that one stores and another reads. */
import {
  type CompiledProgram,
  nameOfKernel,
  type ProgramRun,
  plainGraph,
  type SamGraph,
} from "@millrace/fuseflow-sparse";
import type { Counter, GraphEdge, GraphView } from "@millrace/studio";
import { countersOf } from "../simulation/run-counters.ts";

/** All graphs of a compiled model, each in the group of its region; with its run, what they did. */
export function modelGraphView(compiled: CompiledProgram, run: ProgramRun | null): GraphView {
  const placed = placedGraphs(compiled, run);
  const parts = placed.map(({ graph, group, report }) => plainGraph(graph, report, { prefix: `${group}.`, group }));
  return {
    ...(run !== null && { cycles: run.cycles }),
    nodes: parts.flatMap(({ nodes }) => nodes),
    edges: [...parts.flatMap(({ edges }) => edges), ...storedTensors(placed)],
  };
}

type Placed = ReturnType<typeof placedGraphs>[number];

function placedGraphs({ regions }: CompiledProgram, run: ProgramRun | null) {
  return regions.flatMap((region, at) =>
    region.kernels.map((kernel, number) => {
      const simulation = run?.regions[at]?.kernels[number]?.simulation;
      return {
        graph: kernel.graph,
        group: nameOfKernel(region, kernel),
        report: simulation?.report ?? null,
        counts: simulation?.counts,
      };
    }),
  );
}

/** From where a graph writes the values of a tensor to where others begin to read it; tokens are the values that were written. */
function storedTensors(placed: readonly Placed[]): readonly GraphEdge[] {
  return placed.flatMap(({ graph, group, counts }) =>
    graph.blocks.flatMap((block) => {
      if (block.type !== "write-values") return [];
      const tokens = counts?.byBlock[block.id];
      return placed
        .filter((other) => other.graph !== graph)
        .flatMap((other) =>
          readersOf(other.graph, block.tensor).map((reader) => ({
            ...{ from: `${group}.${block.id}`, to: `${other.group}.${reader}` },
            ...{ label: `${block.tensor}, stored`, ...(tokens !== undefined && { tokens }) },
          })),
        );
    }),
  );
}

/** Blocks where a graph begins to read a tensor: its roots, or else what looks up its values. */
function readersOf({ blocks }: SamGraph, tensor: string): readonly string[] {
  const reading = (type: "root" | "array") =>
    blocks.filter((block) => block.type === type && block.tensor === tensor).map(({ id }) => id);
  const roots = reading("root");
  return roots.length > 0 ? roots : reading("array");
}

/** The counters of all regions. */
export function modelCounters({ regions, cycles }: ProgramRun): readonly Counter[] {
  return [
    { name: "cycles", unit: "cycles", value: cycles },
    ...regions.flatMap((region) => [
      { name: "operations", unit: "", value: region.flops, owner: region.name },
      { name: "moved", unit: "bytes", value: region.bytes, owner: region.name },
      ...region.kernels.flatMap(({ kernel, simulation }) =>
        countersOf(simulation.report, nameOfKernel(region, kernel)),
      ),
    ]),
  ];
}
