/**
 * Streams as nested lists: what the stops of a token stream stand for. A stream of depth 0 is one item, a stream of depth d
 * the list of the streams of depth d - 1 in it. An item is a number, or `null` where nothing is stored.
 */
import { FuseflowError } from "../errors.ts";

/** An item, or a list of trees. */
export type FiberTree = number | null | readonly FiberTree[];

/** A tree that is nested `depth` deep everywhere. */
export interface TreeStream {
  readonly depth: number;
  readonly tree: FiberTree;
}

/** The tree with every subtree at `depth` replaced by what `f` makes of it, from left to right. */
export function mapAt(tree: FiberTree, depth: number, f: (subtree: FiberTree) => FiberTree): FiberTree {
  return depth === 0 ? f(tree) : listOf(tree).map((child) => mapAt(child, depth - 1, f));
}

/**
 * What `f` makes of the subtrees at `depth` of several trees that are alike down to there.
 *
 * @throws {FuseflowError} `stream-mismatch` if they are not.
 */
export function zipAt(
  trees: readonly FiberTree[],
  depth: number,
  f: (subtrees: readonly FiberTree[]) => FiberTree,
): FiberTree {
  if (depth === 0) return f(trees);
  const lists = trees.map(listOf);
  const length = lists[0]?.length ?? 0;
  const other = lists.find((list) => list.length !== length);
  if (other !== undefined) {
    throw new FuseflowError("stream-mismatch", `a fibre has ${length} items where its partner has ${other.length}`);
  }
  return Array.from({ length }, (_, k) =>
    zipAt(
      lists.map((list) => list[k]!),
      depth - 1,
      f,
    ),
  );
}

/** The items of a tree, from left to right. */
export function itemsOf(tree: FiberTree): (number | null)[] {
  return isList(tree) ? tree.flatMap(itemsOf) : [tree];
}

/**
 * The children of a tree.
 *
 * @throws {FuseflowError} `stream-mismatch` for an item.
 */
export function listOf(tree: FiberTree): readonly FiberTree[] {
  if (isList(tree)) return tree;
  throw new FuseflowError("stream-mismatch", "a stream is nested less deep than its reader expects");
}

/** Item as a number: nothing counts as 0. */
export function numberOf(item: FiberTree | undefined): number {
  return typeof item === "number" ? item : 0;
}

function isList(tree: FiberTree): tree is readonly FiberTree[] {
  return Array.isArray(tree);
}
