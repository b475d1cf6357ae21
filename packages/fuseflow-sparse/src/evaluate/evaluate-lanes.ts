import { type FiberTree, listOf, mapAt, type TreeStream, zipAt } from "./fiber-tree.ts";

/** How a fork deals: its ways, and the lane of the nth item if that is not in turn. */
export interface Dealing {
  readonly ways: number;
  readonly deal?: readonly number[];
}

function laneOf({ ways, deal }: Dealing, item: number): number {
  return deal === undefined || deal.length === 0 ? item % ways : deal[item % deal.length]!;
}

/** The lanes of a fork: items of the innermost fibres dealt over the whole stream. */
export function evaluateFork(dealing: Dealing, { depth, tree }: TreeStream): readonly TreeStream[] {
  const { ways } = dealing;
  return Array.from({ length: ways }, (_, lane) => {
    let dealt = 0;
    const share = (fiber: FiberTree): FiberTree => listOf(fiber).filter(() => laneOf(dealing, dealt++) === lane);
    return { depth, tree: mapAt(tree, depth - 1, share) };
  });
}

/** The stream that lanes came from, where each has made `made` levels of every item. */
export function evaluateLaneJoin(lanes: readonly TreeStream[], made: number, dealing: Dealing): TreeStream {
  const { depth } = lanes[0]!;
  let dealt = 0;
  const gather = (fibers: readonly FiberTree[]): FiberTree => {
    const next = fibers.map(() => 0);
    const items = fibers.reduce((count: number, fiber) => count + listOf(fiber).length, 0);
    return Array.from({ length: items }, () => {
      const lane = laneOf(dealing, dealt++);
      return listOf(fibers[lane]!)[next[lane]!++]!;
    });
  };
  const trees = lanes.map(({ tree }) => tree);
  return { depth, tree: zipAt(trees, depth - made - 1, gather) };
}
