import { formatName, type LevelFormat, printFormat } from "@millrace/tensor";
import type { ModelGraph } from "./model-types.ts";

/**
 * The format that a model gives a value, as text; undefined where it says nothing. Lists of coordinates become compressed
 * levels, which have scanners. `parts` are the extents that reshapes split each dimension into: the levels of a split
 * dimension are lost, and all become compressed.
 */
export function declaredFormat(
  graph: ModelGraph,
  value: string,
  parts: readonly (readonly number[])[],
): string | undefined {
  const known = graph.values.get(value);
  const order = parts.flat().length;
  if (known?.format === undefined) return known?.layout === "coo" ? "s".repeat(order) : undefined;
  const { levels, modeOrder } = known.format;
  const dense = levels.every(({ kind }) => kind === "dense");
  if (order !== parts.length) return (dense ? "d" : "s").repeat(order);
  const scanned = levels.map((level): LevelFormat => {
    const list = level.kind === "compressed-nonunique" || level.kind === "singleton";
    return list ? { kind: "compressed" } : level;
  });
  const format = { levels: scanned, modeOrder };
  return formatName(format) ?? printFormat(format);
}
