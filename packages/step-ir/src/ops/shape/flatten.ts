import { HeldEmitter } from "../../interpret/held-emitter.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { ruleError, shapeNote } from "../../program/rules.ts";
import { type Dimension, isRagged, ragged, regular, staticExtent } from "../../stream/dimension.ts";
import { cardinality, groupSize, innerDimensions, outerDimensions, rankOf, type Shape } from "../../stream/shape.ts";

/** Merges the dimensions from `min` to `max` into one. */
export const flattenOperator: Operator = {
  name: "flatten",
  about: "Merges neighbouring dimensions into one.",
  ports: ["input"],
  attributes: {
    min: { kind: "integer", about: "the innermost dimension to merge" },
    max: { kind: "integer", about: "the outermost dimension to merge" },
  },
  infer(node) {
    const { shape, element } = node.inputs[0]!;
    const [min, max] = [node.attributes.number("min"), node.attributes.number("max")];
    if (min > max || max > rankOf(shape)) {
      throw ruleError(node, {
        code: "rank-too-small",
        fault: `it merges dims ${min} to ${max}`,
        shapes: [shapeNote(node, 0, "input")],
        rule: "flatten needs min ≤ max ≤ the rank of its input",
      });
    }
    const outer = outerDimensions(shape, max + 1);
    const merged = innerDimensions(outerDimensions(shape, min), max - min + 1);
    return [{ shape: [...outer, mergeDimensions(node, outer, merged), ...innerDimensions(shape, min)], element }];
  },
  *interpret(node, wires) {
    const [min, max] = [node.attributes.number("min"), node.attributes.number("max")];
    const { shape } = node.inputs[0]!;
    // Nothing can follow a value that belongs to it where no stops are left, or where no merged group can be empty.
    const full = innerDimensions(outerDimensions(shape, min), max - min).every((one) => (staticExtent(one) ?? 0) > 0);
    const flat = full || (max === rankOf(shape) && min === 0);
    const out = new HeldEmitter(wires);
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) break;
      const stop = flattenStop(slot.stop, min, max);
      if (min > 0 || flat) wires.emit(0, slot.value, stop);
      else out.emit(slot.value, stop);
    }
    out.end();
  },
};

/** The stop that remains of one in a stream whose dimensions `min` to `max` are merged. */
export function flattenStop(stop: number, min: number, max: number): number {
  return stop <= min ? stop : stop <= max ? min : stop - (max - min);
}

/** A merged dimension is regular if nothing in it is ragged, or if nothing is outside: then its extent is the total. */
function mergeDimensions(node: NodeContext, outer: Shape, merged: Shape): Dimension {
  if (outer.length === 0) return regular(cardinality(merged));
  if (!merged.some(isRagged)) return regular(groupSize(merged));
  const total = cardinality([...outer, ...merged]);
  const only = merged.filter((dimension) => dimension.extent.value !== 1);
  // Merging with dimensions of 1 changes nothing.
  if (only.length === 1 && isRagged(only[0]!)) return only[0]!;
  return ragged(node.fresh("n"), total);
}

/** Adds a node that merges dimensions `min` to `max`. */
export function flatten(input: Stream, options: NodeName & { min: number; max: number }): Stream {
  return build(flattenOperator, [input], { ...options }).outputs[0]!;
}
