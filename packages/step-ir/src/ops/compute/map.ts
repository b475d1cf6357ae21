import { add, multiply } from "../../extent/arithmetic.ts";
import type { Extent } from "../../extent/extent.ts";
import type { MapFunction } from "../../functions/function.ts";
import { mapFunction } from "../../functions/registry.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { bytesOf, scalarBytes, type TileType } from "../../stream/element-type.ts";
import { cardinality } from "../../stream/shape.ts";
import { argumentTypes, type ComputeOptions, computeAttributes, named, takeArguments } from "./arguments.ts";

/** Applies a function to every element, or to the elements of two streams in step. */
export const mapOperator: Operator = {
  name: "map",
  about: "Applies a function to every element.",
  ports: ["input", "second?"],
  attributes: {
    fn: { kind: "function", about: "the function" },
    parameter: { kind: "number", about: "a number for the function; 1 unless given", optional: true },
    ...computeAttributes,
  },
  infer(node) {
    const fn = named(node, () => mapFunction(node.attributes.fn("fn")));
    const types = argumentTypes(node, fn.name, fn.arity);
    return [
      {
        shape: node.inputs[0]!.shape,
        element: named(node, () => fn.infer(types, node.attributes.number("parameter", 1))),
      },
    ];
  },
  flops(node) {
    const fn = mapFunction(node.attributes.fn("fn"));
    return multiply(cardinality(node.inputs[0]!.shape), fn.symbolicFlops(argumentTypes(node, fn.name, fn.arity)));
  },
  onChipBytes(node, { profile }) {
    const fn = mapFunction(node.attributes.fn("fn"));
    if (profile === "artifact" || fn.arity !== 2 || !fn.name.startsWith("matmul")) return multiply(0);
    return matmulBytes(argumentTypes(node, fn.name, 2));
  },
  *interpret(node, wires) {
    const fn = mapFunction(node.attributes.fn("fn"));
    const parameter = node.attributes.number("parameter", 1);
    for (;;) {
      const slot = yield* takeArguments(node, wires);
      if (slot === undefined) return;
      wires.emit(
        0,
        slot.value === undefined ? undefined : named(node, () => fn.apply(slot.value!, parameter)),
        slot.stop,
      );
    }
  },
};

/** Rows of a matrix product that the machine holds at once. */
const rowsOfUnit = 16;

/** Bytes of the operands of a matrix product: 16 rows of the first, all of the second. */
export function matmulBytes([first, second]: readonly TileType[]): Extent {
  return add(multiply(rowsOfUnit, scalarBytes[first!.scalar], first!.columns), bytesOf(second!));
}

/** Settings of a map. */
export interface MapOptions extends NodeName, ComputeOptions {
  readonly fn: string | MapFunction;
  readonly parameter?: number;
}

/** Adds a node that applies a function of one argument, or of a tuple. */
export function map(input: Stream, options: MapOptions): Stream {
  return build(mapOperator, [input], { ...options }).outputs[0]!;
}

/** Adds a node that applies a function of two arguments to two streams in step. */
export function map2(left: Stream, right: Stream, options: MapOptions): Stream {
  return build(mapOperator, [left, right], { ...options }).outputs[0]!;
}
