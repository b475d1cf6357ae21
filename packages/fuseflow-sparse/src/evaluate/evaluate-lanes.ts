import { type FiberTree, listOf, mapAt, type TreeStream, zipAt } from "./fiber-tree.ts";

/** The lanes of a fork: items of the innermost fibres dealt in turn, over the whole stream. */
export function evaluateFork(ways: number, { depth, tree }: TreeStream): readonly TreeStream[] {
  return Array.from({ length: ways }, (_, lane) => {
    let dealt = 0;
    const share = (fiber: FiberTree): FiberTree => listOf(fiber).filter(() => dealt++ % ways === lane);
    return { depth, tree: mapAt(tree, depth - 1, share) };
  });
}

/** The stream that lanes came from, where each has made `made` levels of every item. */
export function evaluateLaneJoin(lanes: readonly TreeStream[], made: number): TreeStream {
  const { depth } = lanes[0]!;
  let dealt = 0;
  const gather = (fibers: readonly FiberTree[]): FiberTree => {
    const next = fibers.map(() => 0);
    const items = fibers.reduce((count: number, fiber) => count + listOf(fiber).length, 0);
    return Array.from({ length: items }, () => {
      const lane = dealt++ % lanes.length;
      return listOf(fibers[lane]!)[next[lane]!++]!;
    });
  };
  const trees = lanes.map(({ tree }) => tree);
  return { depth, tree: zipAt(trees, depth - made - 1, gather) };
}
