import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { SamGraph } from "../../src/sam/graph.ts";

const folder = new URL("../data/graphs/", import.meta.url);

/** Names of the files in a folder of `test/data/graphs` that end in `suffix`, without it. */
export function graphFiles(path: string, suffix: string): string[] {
  return readdirSync(new URL(path, folder))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, name.length - suffix.length))
    .toSorted();
}

export function readBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, folder)));
}

export function readText(path: string): string {
  const bytes = readFileSync(new URL(path, folder));
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** A graph without the names of its blocks and edges, for comparing graphs that name them differently. */
export function nameless(graph: SamGraph): unknown {
  const numbers = new Map(graph.blocks.map((block, number) => [block.id, number]));
  return {
    tensors: graph.tensors,
    blocks: graph.blocks.map((block) => ({ ...block, id: numbers.get(block.id) })),
    edges: graph.edges
      .map(
        ({ kind, from, to }) =>
          `${kind} ${numbers.get(from.block)}.${from.port} -> ${numbers.get(to.block)}.${to.port}`,
      )
      .toSorted(),
  };
}

/** Rendered diagnostics of the error that `run` throws. */
export function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? `${error.message.trimEnd()}\n` : String(error);
  }
  return "no error";
}
