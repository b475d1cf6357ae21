import fc from "fast-check";
import type { FiberTree, TreeStream } from "../../src/evaluate/fiber-tree.ts";

/** The tokens of a stream given as nested lists: every fibre ends with a stop, raised by one for each fibre it ends as well. */
export function tokensOf({ tree, depth }: TreeStream): string[] {
  const stops: { text: string; order: number }[] = [];
  const write = (subtree: FiberTree, levels: number): void => {
    if (levels === 0) {
      stops.push({ text: subtree === null ? "N" : String(subtree), order: -1 });
      return;
    }
    const children = subtree as readonly FiberTree[];
    for (const child of children) write(child, levels - 1);
    if (levels > 1 && children.length > 0) stops.at(-1)!.order += 1;
    else stops.push({ text: "", order: levels - 1 });
  };
  write(tree, depth);
  return [...stops.map(({ text, order }) => (order < 0 ? text : `S${order}`)), "D"];
}

/** Coordinates: strictly rising in every innermost fibre; fibres may be empty, whole trees are not. */
export function coordinates(depth: number): fc.Arbitrary<TreeStream> {
  return shape(depth).map((tree) => ({ depth, tree }));
}

function shape(depth: number): fc.Arbitrary<FiberTree> {
  const fiber = fc
    .uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 4 })
    .map((list) => list.toSorted((a, b) => a - b));
  if (depth === 1) return fiber;
  return fc.array(shape(depth - 1), { minLength: 1, maxLength: 3 });
}
