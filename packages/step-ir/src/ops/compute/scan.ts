import { constant } from "../../extent/arithmetic.ts";
import { accumFunction } from "../../functions/registry.ts";
import { build } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectRank } from "../../program/rules.ts";
import { bytesOf, type TileType } from "../../stream/element-type.ts";
import { type AccumOptions, accumOperator, foldFlops } from "./accum.ts";
import { argumentTypes, named, takeArguments } from "./arguments.ts";

/** As accum, but every element gives the value so far; the fold starts anew where the `rank` innermost dimensions end. */
export const scanOperator: Operator = {
  name: "scan",
  about: "Gives the running value of a fold.",
  ports: ["input", "second?"],
  attributes: accumOperator.attributes,
  infer(node) {
    const fn = named(node, () => accumFunction(node.attributes.fn("fn")));
    const types = argumentTypes(node, fn.name, fn.arity);
    expectRank(node, node.attributes.number("rank"));
    return [{ shape: node.inputs[0]!.shape, element: named(node, () => fn.infer(types, constant(1))) }];
  },
  flops: foldFlops,
  onChipBytes: ({ outputs: [output] }) => bytesOf(output!.element),
  *interpret(node, wires) {
    const fn = accumFunction(node.attributes.fn("fn"));
    const rank = node.attributes.number("rank");
    const type = node.outputs[0]!.element as TileType;
    let accumulator = fn.initial(type);
    for (;;) {
      const slot = yield* takeArguments(node, wires);
      if (slot === undefined) return;
      const tiles = slot.value;
      if (tiles !== undefined) accumulator = named(node, () => fn.update(accumulator, tiles));
      wires.emit(0, tiles === undefined ? undefined : accumulator, slot.stop);
      if (slot.stop >= rank) accumulator = fn.initial(type);
    }
  },
};

/** Adds a node that gives running values. */
export function scan(input: Stream, options: AccumOptions): Stream {
  return build(scanOperator, [input], { ...options }).outputs[0]!;
}
