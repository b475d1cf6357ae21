/** Shapes behind droppers and masks: parts of the levels before them. */
import type { SamBlock } from "../../graph.ts";
import type { ShapeScope } from "./shape-scope.ts";

/** Outer coordinates with an empty fibre, or masked, go. */
export function dropEmpty(scope: ShapeScope, block: Extract<SamBlock, { type: "crddrop" | "mask" }>): void {
  const pair = scope.pair(block);
  const [whole, keptBy] = [pair?.outer.axes.at(-1), pair?.inner.axes.at(-1)];
  if (pair === undefined || whole === undefined || keptBy === undefined) return;
  const { index } = scope.axes.origin(whole);
  const origin = { index, dense: false, mayBeEmpty: true, partOf: whole, keptBy, block: block.id };
  // Dropping by the same fibres twice, once for coordinates and once for values, leaves the same.
  const key = block.type === "mask" ? `mask ${block.id}` : `drop ${whole} ${keptBy}`;
  const outer = [...pair.outer.axes.slice(0, -1), scope.axes.axis(key, origin)];
  scope.put(block, "outer", { axes: outer, flat: false });
  const inside =
    block.type === "mask"
      ? scope.axes.axis(`masked ${block.id}`, { ...scope.axes.origin(keptBy), partOf: keptBy, mayBeEmpty: false })
      : keptBy;
  for (const port of ["inner", "ref"]) scope.put(block, port, { axes: [...outer, inside], flat: false });
}

/** Coordinates whose value is zero go. */
export function dropZeros(scope: ShapeScope, block: SamBlock): void {
  const [crd, val] = [scope.input(block, "crd"), scope.input(block, "val")];
  if (crd === undefined || val === undefined) return;
  const whole = crd.axes.at(-1);
  if (whole === undefined) scope.tooShallow(block, "crd", crd);
  if (whole === undefined || !scope.expectSame(block, { first: crd, second: val, what: "crd and val" })) return;
  const { index } = scope.axes.origin(whole);
  const origin = { index, dense: false, mayBeEmpty: true, partOf: whole, block: block.id };
  const axis = scope.axes.axis(`nonzero ${block.id}`, origin);
  for (const port of ["crd", "val"]) scope.put(block, port, { axes: [...crd.axes.slice(0, -1), axis], flat: false });
}
