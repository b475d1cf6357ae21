/** Shapes behind droppers and masks: parts of the levels before them. */
import type { SamBlock } from "../../graph.ts";
import type { Axis } from "./axes.ts";
import type { ShapeScope } from "./shape-scope.ts";

/** Outer coordinates with an empty fibre go. */
export function dropEmpty(scope: ShapeScope, block: Extract<SamBlock, { type: "crddrop" }>): void {
  const pair = scope.pair(block);
  const [whole, keptBy] = [pair?.outer.axes.at(-1), pair?.inner.axes.at(-1)];
  if (pair === undefined || whole === undefined || keptBy === undefined) return;
  const outer = [...pair.outer.axes.slice(0, -1), droppedAxis(scope, block, whole, keptBy)];
  scope.put(block, "outer", { axes: outer, flat: false });
  scope.put(block, "inner", { axes: [...outer, keptBy], flat: false });
}

/** Inner coordinates go; outer ones stay, of fibres that lost all of theirs too. */
export function mask(scope: ShapeScope, block: Extract<SamBlock, { type: "mask" }>): void {
  const pair = scope.pair(block);
  const whole = pair?.inner.axes.at(-1);
  if (pair === undefined || whole === undefined) return;
  scope.put(block, "outer", pair.outer);
  const { index } = scope.axes.origin(whole);
  const origin = { index, dense: false, mayBeEmpty: true, partOf: whole, block: block.id };
  const axes = [...pair.outer.axes, scope.axes.axis(`masked ${block.id}`, origin)];
  for (const port of ["inner", "ref"]) scope.put(block, port, { axes, flat: false });
}

/** Fibres without anything in them go, from the inside out, as if each level were dropped by the one inside of it. */
export function dropEmptyFibers(scope: ShapeScope, block: SamBlock): void {
  const shape = scope.input(block, "in");
  if (shape === undefined) return;
  const axes = [...shape.axes];
  for (let level = axes.length - 2; level >= 0; level--)
    axes[level] = droppedAxis(scope, block, axes[level]!, axes[level + 1]!);
  scope.put(block, "out", { axes, flat: shape.flat });
}

/** What is left of `whole` where the fibres of `keptBy` hold anything. Dropping by the same fibres twice leaves the same. */
function droppedAxis(scope: ShapeScope, block: SamBlock, whole: Axis, keptBy: Axis): Axis {
  const { index } = scope.axes.origin(whole);
  const origin = { index, dense: false, mayBeEmpty: true, partOf: whole, keptBy, block: block.id };
  return scope.axes.axis(`drop ${whole} ${keptBy}`, origin);
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
