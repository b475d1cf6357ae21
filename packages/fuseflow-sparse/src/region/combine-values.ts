/** The blocks that make one value of the values of several operands. */
import type { CombineNode } from "../fuse/fused-node.ts";
import { tileWork } from "../sam/tile-work.ts";
import type { LoweringScope } from "./cursor.ts";
import type { OutPort } from "./netlist.ts";

/**
 * Combines values from left to right. Of tiles, a product also sums along `summed` as soon as no operand behind needs the axis:
 * a product of tiles; and its operands are taken in the order in which tiles stay smallest.
 */
export function combineValues(
  values: readonly OutPort[],
  { operation, results }: Pick<CombineNode, "operation" | "results">,
  { netlist, tiles }: LoweringScope,
  summed: ReadonlySet<string> = new Set(),
): OutPort {
  const [first, ...rest] = values;
  let result = first!;
  while (rest.length > 0) {
    const left = axesIn(result);
    const outcomes = rest.map((next, at) => {
      const behind = new Set(rest.filter((_, other) => other !== at).flatMap(axesIn));
      return [...new Set([...left, ...axesIn(next)])].filter((axis) => !summed.has(axis) || behind.has(axis));
    });
    const sizes = outcomes.map(({ length }) => length);
    const at = operation === "mul" ? sizes.indexOf(Math.min(...sizes)) : 0;
    const [next] = rest.splice(at, 1);
    const axes = outcomes[at]!;
    const label = results[values.length - rest.length - 2]!;
    const tile = tiles === null ? {} : { tile: tileWork(tiles.size, [left, axesIn(next!)], axes) };
    const block = netlist.add(operation, { type: "alu", operation, label, ...tile }, { val0: result, val1: next! });
    result = { block, port: "val", kind: "val", ...(tiles !== null && { axes }) };
  }
  return result;
}

/** Axes of the tiles of a stream of values. */
export const axesIn = ({ axes }: OutPort): readonly string[] => axes ?? [];
