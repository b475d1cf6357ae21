import { type FiberTree, itemsOf, listOf, numberOf, type TreeStream, zipAt } from "./fiber-tree.ts";

/** A point of a sum, coordinates outermost first, and the sum. */
interface PointSum {
  readonly point: readonly number[];
  sum: number;
}

/** Sums by point, in rising order. */
class PointSums {
  readonly #sums = new Map<string, PointSum>();

  add(point: readonly number[], value: number): void {
    const key = point.join(",");
    const known = this.#sums.get(key);
    if (known === undefined) this.#sums.set(key, { point, sum: value });
    else known.sum += value;
  }

  sorted(): PointSum[] {
    const difference = (a: PointSum, b: PointSum): number =>
      a.point.map((crd, k) => crd - b.point[k]!).find((delta) => delta !== 0) ?? 0;
    return [...this.#sums.values()].sort(difference);
  }
}

/** The coordinates of level `level` of a sorted list of points, as a tree of `level + 1` levels. */
function coordinateTree(points: readonly PointSum[], level: number, from = 0): FiberTree {
  const groups = groupBy(points, from);
  if (from === level) return groups.map(([crd]) => crd);
  return groups.map(([, group]) => coordinateTree(group, level, from + 1));
}

/** The sums of a sorted list of points, as a tree of `depth` levels. */
function sumTree(points: readonly PointSum[], depth: number, from = 0): FiberTree {
  if (from === depth) return points[0]!.sum;
  return groupBy(points, from).map(([, group]) => sumTree(group, depth, from + 1));
}

function groupBy(points: readonly PointSum[], level: number): [number, PointSum[]][] {
  const groups = new Map<number, PointSum[]>();
  for (const point of points) {
    const crd = point.point[level]!;
    const group = groups.get(crd);
    if (group === undefined) groups.set(crd, [point]);
    else group.push(point);
  }
  return [...groups];
}

/** Outputs of an accumulator of fibre trees: crd0 … crd(order - 1), val. `inputs` are crd0 … crd(order), val. */
export function evaluateFiberSums(order: number, inputs: readonly TreeStream[]): readonly TreeStream[] {
  const loop = inputs[order]!;
  const around = loop.depth - 1;
  // Outermost first: the coordinates of the kept loops, then the values.
  const kept = [...inputs.slice(0, order)].reverse();
  const trees = [...kept.map(({ tree }) => tree), inputs[order + 1]!.tree];
  const sums = (fibers: readonly FiberTree[]): PointSum[] => {
    const points = new PointSums();
    const walk = (level: number, point: readonly number[], subtrees: readonly FiberTree[]): void => {
      if (level === order) {
        points.add(point, numberOf(subtrees[0]));
        return;
      }
      listOf(subtrees[0]!).forEach((crd, k) => {
        walk(
          level + 1,
          [...point, crd as number],
          subtrees.slice(1).map((tree) => listOf(tree)[k]!),
        );
      });
    };
    const items = listOf(fibers[0]!).length;
    for (let item = 0; item < items; item++)
      walk(
        0,
        [],
        fibers.map((fiber) => listOf(fiber)[item]!),
      );
    return points.sorted();
  };
  const coordinates = Array.from({ length: order }, (_, k) => ({
    depth: around + order - k,
    tree: zipAt(trees, around, (fibers) => coordinateTree(sums(fibers), order - 1 - k)),
  }));
  const values = zipAt(trees, around, (fibers) => sumTree(sums(fibers), order));
  return [...coordinates, { depth: around + order, tree: values }];
}

/** Outputs of an accumulator of points: crd0 …, val, as its inputs; values without nesting. */
export function evaluatePointSums(inputs: readonly TreeStream[]): readonly TreeStream[] {
  const columns = inputs.map(({ tree }) => itemsOf(tree));
  const values = columns.at(-1)!;
  const coordinates = columns.slice(0, -1).reverse();
  const sums = new PointSums();
  values.forEach((value, k) => {
    sums.add(
      coordinates.map((column) => column[k]!),
      value ?? 0,
    );
  });
  const sorted = sums.sorted();
  const trees = coordinates.map((_, level) => ({ depth: level + 1, tree: coordinateTree(sorted, level) }));
  return [...trees.reverse(), { depth: 1, tree: sorted.map(({ sum }) => sum) }];
}
