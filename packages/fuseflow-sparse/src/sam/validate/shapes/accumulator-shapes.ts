/** Shapes behind sparse accumulators. */
import type { SamBlock } from "../../graph.ts";
import { named } from "../check-connections.ts";
import { type Axis, type StreamShape, sameShape } from "./axes.ts";
import type { ShapeScope } from "./shape-scope.ts";

/** Form "fibers": the reduced level goes, the kept ones stay, in new fibres. */
export function accumulateFibers(scope: ShapeScope, block: Extract<SamBlock, { type: "spacc" }>): void {
  const { order } = block;
  const [inner, values] = [scope.input(block, "crd0"), scope.input(block, "val")];
  if (inner === undefined) return;
  if (inner.flat || inner.axes.length <= order) {
    scope.tooShallow(block, "crd0", inner);
    return;
  }
  if (values !== undefined) expectValues(scope, block, inner, values);
  for (let k = 1; k <= order; k++) {
    const given = scope.input(block, `crd${k}`);
    const wanted = { axes: inner.axes.slice(0, -k), flat: false };
    if (given === undefined || sameShape(given, wanted)) continue;
    const what = `crd${k} and the levels of crd0 that it names`;
    const help = sameShape(given, inner) ? `give it crd${k} as scanned, not held to the length of crd0` : undefined;
    scope.mismatch(block, { first: given, second: wanted, what }, help);
  }
  putTree(scope, block, { outer: inner.axes.slice(0, -order - 1), kept: block.indices.slice(0, order) });
}

/** Form "points": sequences without stops become a tree of all their coordinates. */
export function accumulatePoints(scope: ShapeScope, block: Extract<SamBlock, { type: "spacc" }>): void {
  const inner = scope.input(block, "crd0");
  const values = scope.input(block, "val");
  if (inner !== undefined && values !== undefined && reducedBefore(scope, block, inner, values)) return;
  for (const port of [...block.indices.map((_, k) => `crd${k}`), "val"]) {
    const shape = scope.input(block, port);
    if (shape === undefined || inner === undefined) continue;
    if (!shape.flat) {
      const message = `${named(block)} sums points, but ${port} has stops: ${scope.axes.print(shape)}`;
      scope.report("shape-mismatch", message, { block: block.id, help: "put a stop-drop in front of it" });
      return;
    }
    if (port === "val") expectValues(scope, block, inner, shape);
    else scope.expectSame(block, { first: inner, second: shape, what: `crd0 and ${port}` });
  }
  putTree(scope, block, { outer: [], kept: block.indices });
}

/** Outputs of an accumulator: a tree of fresh levels below `outer`; `kept` has the innermost first. */
function putTree(
  scope: ShapeScope,
  block: SamBlock,
  { outer, kept }: { readonly outer: readonly Axis[]; readonly kept: readonly string[] },
): void {
  const fresh = kept.map((index, k) =>
    scope.axes.axis(`sum ${block.id} ${k}`, { index, dense: false, mayBeEmpty: outer.length > 0, block: block.id }),
  );
  const axes = [...outer, ...fresh.toReversed()];
  for (const k of kept.keys()) scope.put(block, `crd${k}`, { axes: axes.slice(0, axes.length - k), flat: false });
  scope.put(block, "val", { axes, flat: false });
}

function expectValues(scope: ShapeScope, block: SamBlock, inner: StreamShape, values: StreamShape): void {
  if (sameShape(inner, values) || reducedBefore(scope, block, inner, values)) return;
  scope.mismatch(block, { first: inner, second: values, what: "crd0 and val" });
}

/** Whether the values are one level short because a reduction stands before the accumulator, which Custard prints there. */
function reducedBefore(scope: ShapeScope, block: SamBlock, inner: StreamShape, values: StreamShape): boolean {
  const producer = scope.producer(block, "val");
  const shorter = values.axes.length === inner.axes.length - 1;
  if (!shorter || producer?.type !== "reduce") return false;
  const [deep, short] = [scope.axes.print(inner), scope.axes.print(values)];
  const message = `the values into ${named(block)} are reduced before it: crd0 has ${deep}, val has ${short}`;
  scope.report("extra-reduce", message, {
    block: producer.id,
    help: `connect the input of ${producer.id} to it instead: the accumulator does this reduction itself`,
    notes: [{ message: "the accumulator", block: block.id }],
  });
  return true;
}
