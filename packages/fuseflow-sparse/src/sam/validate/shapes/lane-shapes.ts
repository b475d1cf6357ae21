/** Shapes of the lanes of a fork, and of what a join makes of them. */
import type { SamBlock } from "../../graph.ts";
import type { Axis, StreamShape } from "./axes.ts";
import type { ShapeScope } from "./shape-scope.ts";

/** Every lane has its share of the innermost level. */
export function fork(scope: ShapeScope, block: Extract<SamBlock, { ways: number }>): void {
  const shape = scope.input(block, "in");
  const dealt = shape?.axes.at(-1);
  if (shape === undefined || dealt === undefined) return;
  const { index } = scope.axes.origin(dealt);
  for (let lane = 0; lane < block.ways; lane++) {
    const origin = { index, dense: false, mayBeEmpty: true, block: block.id, laneOf: dealt };
    const axis = scope.axes.axis(`lane ${dealt} ${lane}/${block.ways}`, origin);
    scope.put(block, `out${lane}`, { axes: [...shape.axes.slice(0, -1), axis], flat: shape.flat });
  }
}

/** Lanes that were dealt from one axis make it whole again; what they made of it on their own is joined lane by lane. */
export function gather(scope: ShapeScope, block: Extract<SamBlock, { ways: number }>): void {
  const lanes: StreamShape[] = [];
  for (let way = 0; way < block.ways; way++) {
    const shape = scope.input(block, `in${way}`);
    if (shape === undefined) return;
    lanes.push(shape);
  }
  const [first] = lanes;
  if (first === undefined) return;
  const uneven = lanes.find((lane) => lane.axes.length !== first.axes.length);
  if (uneven !== undefined) {
    scope.mismatch(block, { first, second: uneven, what: "the lanes" });
    return;
  }
  const axes = first.axes.map((axis, level) => {
    const column = lanes.map((lane) => lane.axes[level] as Axis);
    if (column.every((other) => other === axis)) return axis;
    const { index, mayBeEmpty, laneOf } = scope.axes.origin(axis);
    const dealt = (other: Axis, lane: number): boolean =>
      other === scope.axes.known(`lane ${laneOf} ${lane}/${column.length}`);
    if (laneOf !== undefined && column.every(dealt)) return laneOf;
    return scope.axes.axis(`gathered ${column.join(" ")}`, { index, dense: false, mayBeEmpty, block: block.id });
  });
  scope.put(block, "out", { axes, flat: first.flat });
}
