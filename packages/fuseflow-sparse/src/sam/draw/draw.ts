import { FuseflowError } from "../../errors.ts";
import type { SamGraph } from "../graph.ts";
import { type PictureOptions, pictureDot } from "./picture.ts";

/** Most blocks that are laid out: the time grows faster than the graph, and nobody reads a larger picture. */
const mostBlocks = 2000;

/**
 * A picture of a graph as an SVG document: blocks coloured by what they are for, broadcasts as dots, streams by their kind, ids as
 * tooltips. It has no background, and reads on a light and on a dark page.
 *
 * @throws {FuseflowError} `graph-too-large` above 2000 blocks.
 */
export async function drawGraph(graph: SamGraph, options: PictureOptions = {}): Promise<string> {
  if (graph.blocks.length > mostBlocks) {
    const reason = `a graph of ${graph.blocks.length} blocks is not drawn; the limit is ${mostBlocks}`;
    throw new FuseflowError("graph-too-large", reason);
  }
  // Graphviz is a megabyte of code: only who draws loads it.
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  return viz.renderString(pictureDot(graph, options), { format: "svg", engine: "dot" });
}
