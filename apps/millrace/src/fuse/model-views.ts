/** A fused model as views of the studio: its regions side by side. */
import type { CompiledProgram, ProgramRun } from "@millrace/fuseflow-sparse";
import type { Counter, GraphView } from "@millrace/studio";
import { countersOf, samGraphView } from "../simulation/graph-view.ts";

/** All graphs of a compiled model, each in the group of its region; with its run, what they did. */
export function modelGraphView({ regions }: CompiledProgram, run: ProgramRun | null): GraphView {
  const parts = regions.flatMap(({ name, kernels }, at) =>
    kernels.map(({ name: kernel, graph }, number) => {
      const group = kernels.length === 1 ? name : `${name}/${kernel}`;
      const report = run?.regions[at]?.kernels[number]?.simulation.report ?? null;
      return samGraphView(graph, report, { prefix: `${group}.`, group });
    }),
  );
  return { nodes: parts.flatMap(({ nodes }) => nodes), edges: parts.flatMap(({ edges }) => edges) };
}

/** The counters of all regions. */
export function modelCounters({ regions, cycles }: ProgramRun): readonly Counter[] {
  return [
    { name: "cycles", unit: "cycles", value: cycles },
    ...regions.flatMap((region) => [
      { name: "operations", unit: "", value: region.flops, owner: region.name },
      { name: "moved", unit: "bytes", value: region.bytes, owner: region.name },
      ...region.kernels.flatMap(({ kernel, simulation }) =>
        countersOf(simulation.report, `${region.name}/${kernel.name}/`),
      ),
    ]),
  ];
}
