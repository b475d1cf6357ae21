import type { Source, Span } from "@millrace/ir-text";
import type { SamGraph } from "../graph.ts";
import type { LocatedGraph } from "../located-graph.ts";
import { samGraphSchema } from "./graph-schema.ts";
import { readJson } from "./read-json.ts";

/**
 * Reads a SAM graph in its neutral JSON form. It has the right shape, but is not yet validated as a graph.
 *
 * @throws {DiagnosticError} `json-syntax` or `json-shape`, at the place in the text.
 */
export function readGraphJson(source: Source): LocatedGraph {
  const { value, spanOf } = readJson(source, samGraphSchema);
  const spans = (list: "blocks" | "edges"): Map<string, Span> =>
    new Map(value[list].map(({ id }, position) => [id, lazySpan(() => spanOf([list, position]))]));
  const tensors = new Map(Object.keys(value.tensors).map((name) => [name, lazySpan(() => spanOf(["tensors", name]))]));
  return { graph: value, places: { blocks: spans("blocks"), edges: spans("edges"), tensors } };
}

/** Prints a SAM graph as JSON, one block or edge to a line; {@link readGraphJson} reads it back equal. */
export function printGraphJson(graph: SamGraph): string {
  const list = (items: readonly unknown[]): string =>
    items.length === 0 ? "[]" : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`;
  const tensors = Object.entries(graph.tensors).map(
    ([name, tensor]) => `    ${JSON.stringify(name)}: ${JSON.stringify(tensor)}`,
  );
  const lines = [
    `  "name": ${JSON.stringify(graph.name)}`,
    ...(graph.expression === undefined ? [] : [`  "expression": ${JSON.stringify(graph.expression)}`]),
    `  "tensors": ${tensors.length === 0 ? "{}" : `{\n${tensors.join(",\n")}\n  }`}`,
    `  "blocks": ${list(graph.blocks)}`,
    `  "edges": ${list(graph.edges)}`,
  ];
  return `{\n${lines.join(",\n")}\n}\n`;
}

/** A span that is searched for only when a message needs it. */
function lazySpan(find: () => Span): Span {
  let found: Span | undefined;
  const get = (): Span => {
    found ??= find();
    return found;
  };
  return {
    get source() {
      return get().source;
    },
    get start() {
      return get().start;
    },
    get end() {
      return get().end;
    },
  };
}
