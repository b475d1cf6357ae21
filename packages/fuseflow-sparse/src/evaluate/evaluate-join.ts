import { type FiberTree, listOf, type TreeStream, zipAt } from "./fiber-tree.ts";

/** The operands of a join: coordinates and references (or values) of each. */
export interface JoinOperand {
  readonly crd: TreeStream;
  readonly ref: TreeStream;
}

/** Coordinates and, per operand, references of a join of innermost fibres. */
export function evaluateJoin(kind: "intersect" | "union", operands: readonly JoinOperand[]): readonly TreeStream[] {
  const { depth } = operands[0]!.crd;
  const trees = operands.flatMap(({ crd, ref }) => [crd.tree, ref.tree]);
  const joined = zipAt(trees, depth - 1, (fibers) => joinFibers(kind, fibers));
  return Array.from({ length: operands.length + 1 }, (_, output) => ({
    depth,
    tree: zipAt([joined], depth - 1, ([fiber]) => listOf(fiber!).map((row) => listOf(row)[output]!)),
  }));
}

/** Rows `[crd, ref0, ref1, …]`, in rising order of the coordinates. */
function joinFibers(kind: "intersect" | "union", fibers: readonly FiberTree[]): FiberTree {
  const references = fibers.flatMap((fiber, place) =>
    place % 2 === 0 ? [new Map(listOf(fiber).map((crd, k) => [crd as number, listOf(fibers[place + 1]!)[k]!]))] : [],
  );
  const coordinates = [...new Set(references.flatMap((map) => [...map.keys()]))].sort((a, b) => a - b);
  const kept = kind === "union" ? coordinates : coordinates.filter((crd) => references.every((map) => map.has(crd)));
  return kept.map((crd) => [crd, ...references.map((map) => map.get(crd) ?? null)]);
}
