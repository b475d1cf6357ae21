import { add, multiply } from "../../extent/arithmetic.ts";
import type { Extent } from "../../extent/extent.ts";
import type { AccumFunction } from "../../functions/function.ts";
import { accumFunction } from "../../functions/registry.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { Operator, TypedNode } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectKnownGroup, expectRank, outermost } from "../../program/rules.ts";
import { bytesOf, type TileType } from "../../stream/element-type.ts";
import { cardinality, groupSize, innerDimensions, outerDimensions } from "../../stream/shape.ts";
import { argumentTypes, type ComputeOptions, computeAttributes, named, takeArguments } from "./arguments.ts";
import { matmulBytes } from "./map.ts";

/**
 * Folds the `rank` innermost dimensions into one element each; an empty group gives the initial value. An outer group with
 * nothing in it is refused: whether it holds no group or an empty one cannot be seen.
 */
export const accumOperator: Operator = {
  name: "accum",
  about: "Folds the inner dimensions of a stream; with two inputs, of what a function makes of both.",
  ports: ["input", "second?"],
  attributes: {
    fn: { kind: "function", about: "the function that folds" },
    rank: { kind: "integer", about: "how many inner dimensions are folded", least: 1 },
    ...computeAttributes,
  },
  infer(node) {
    const fn = named(node, () => accumFunction(node.attributes.fn("fn")));
    const rank = node.attributes.number("rank");
    const types = argumentTypes(node, fn.name, fn.arity);
    expectRank(node, rank);
    const { shape } = node.inputs[0]!;
    const element = named(node, () => fn.infer(types, groupSize(innerDimensions(shape, rank))));
    return [{ shape: outerDimensions(shape, rank), element }];
  },
  flops: foldFlops,
  onChipBytes(node, { profile }) {
    const fn = accumFunction(node.attributes.fn("fn"));
    const result = bytesOf(node.outputs[0]!.element);
    if (profile === "artifact" || fn.arity !== 2 || !fn.name.startsWith("matmul")) return result;
    return add(result, matmulBytes(argumentTypes(node, fn.name, 2)));
  },
  *interpret(node, wires) {
    const fn = accumFunction(node.attributes.fn("fn"));
    const rank = node.attributes.number("rank");
    const type = node.outputs[0]!.element as TileType;
    let accumulator = fn.initial(type);
    let before = outermost;
    for (;;) {
      const slot = yield* takeArguments(node, wires);
      if (slot === undefined) return;
      const tiles = slot.value;
      if (tiles === undefined) expectKnownGroup(node, rank, slot.stop, before);
      else accumulator = named(node, () => fn.update(accumulator, tiles));
      if (slot.stop >= rank) {
        wires.emit(0, accumulator, slot.stop - rank);
        accumulator = fn.initial(type);
      }
      before = slot.stop;
    }
  },
};

/** Operations of all steps of a fold. */
export function foldFlops(node: TypedNode): Extent {
  const fn = accumFunction(node.attributes.fn("fn"));
  return multiply(cardinality(node.inputs[0]!.shape), fn.symbolicFlops(argumentTypes(node, fn.name, fn.arity)));
}

/** Settings of a fold. */
export interface AccumOptions extends NodeName, ComputeOptions {
  readonly fn: string | AccumFunction;
  readonly rank: number;
}

/** Adds a node that folds a stream. */
export function accum(input: Stream, options: AccumOptions): Stream {
  return build(accumOperator, [input], { ...options }).outputs[0]!;
}

/** Adds a node that folds what a function of two arguments makes of two streams in step: `matmul` adds up products. */
export function accum2(left: Stream, right: Stream, options: AccumOptions): Stream {
  return build(accumOperator, [left, right], { ...options }).outputs[0]!;
}
