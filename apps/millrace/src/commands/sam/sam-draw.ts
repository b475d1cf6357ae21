/** `millrace sam draw GRAPH`: a graph as an SVG picture. */

import { drawGraph } from "@millrace/fuseflow-sparse";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { loadGraph } from "../../inputs/load-graph.ts";

type SamDrawFlags = CommonFlags & { readonly direction: "down" | "right"; readonly to?: string | undefined };

/** The `sam draw` command. */
export const samDraw: Command<Invocation> = buildCommand<SamDrawFlags, [string], Invocation>({
  docs: {
    brief: "Draw a SAM graph as SVG",
    customUsage: ["GRAPH [--to FILE.svg] [--direction down|right]"],
    fullDescription: describe(
      "Draws a graph file, also one that could not run: blocks coloured by what they are for, streams by their kind.\nThe picture goes to stdout unless --to names a file.",
      ["millrace sam draw examples/graphs/spmv.gv --to spmv.svg"],
    ),
  },
  parameters: {
    flags: {
      to: { kind: "parsed", parse: String, brief: "File to write", placeholder: "FILE", optional: true },
      direction: { kind: "enum", values: ["down", "right"], brief: "Where streams flow to", default: "down" },
      ...commonFlags,
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Graph file: .gv, .bin, .pbtxt or .json", placeholder: "GRAPH", parse: String }],
    },
  },
  func: presenting<SamDrawFlags, [string]>("sam-draw", async (flags, place, name) => {
    const { graph } = loadGraph(place.host.folder, name);
    place.progress.begin(`drawing ${graph.blocks.length} blocks`);
    const svg = await drawGraph(graph, { direction: flags.direction });
    const { to } = flags;
    if (to !== undefined) place.write(to, svg);
    if (flags.out !== undefined) place.write(`${flags.out}/${graph.name}.svg`, svg);
    const { blocks, edges } = graph;
    const written = to === undefined ? { svg } : { to };
    return {
      json: () => ({ name: graph.name, blocks: blocks.length, edges: edges.length, ...written }),
      text: () => (to === undefined ? svg : `${to}: ${blocks.length} blocks, ${edges.length} streams\n`),
    };
  }),
});
