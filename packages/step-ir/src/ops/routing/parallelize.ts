import { ceilDivide, subtract, symbol } from "../../extent/arithmetic.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectRank } from "../../program/rules.ts";
import { type Dimension, isRagged, regular } from "../../stream/dimension.ts";
import { cardinality, innerDimensions, outerDimensions } from "../../stream/shape.ts";

/** Deals the groups of the `rank` innermost dimensions out to `ways` outputs in turn. */
export const parallelizeOperator: Operator = {
  name: "parallelize",
  about: "Deals groups out to several outputs, one after the other in turn.",
  ports: ["input"],
  attributes: {
    rank: { kind: "integer", about: "dimensions of the groups that are dealt" },
    ways: { kind: "integer", about: "number of outputs", least: 1 },
  },
  infer(node) {
    const [rank, ways] = [node.attributes.number("rank"), node.attributes.number("ways")];
    expectRank(node, rank);
    const { shape, element } = node.inputs[0]!;
    const groups = cardinality(outerDimensions(shape, rank));
    return Array.from({ length: ways }, (_, port) => {
      const inner = innerDimensions(shape, rank).map((dimension, place): Dimension => {
        return isRagged(dimension) ? { ...dimension, total: symbol(node.fresh(`total${port}.${place}`)) } : dimension;
      });
      // Output i gets every group whose number is i modulo the ways: ceil((groups - i) / ways), and none if there are fewer.
      return { shape: [regular(ceilDivide(subtract(groups, port), ways)), ...inner], element };
    });
  },
  *interpret(node, wires) {
    const [rank, ways] = [node.attributes.number("rank"), node.attributes.number("ways")];
    let port = 0;
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      wires.emit(port, slot.value, Math.min(slot.stop, rank));
      if (slot.stop >= rank) port = (port + 1) % ways;
    }
  },
};

/** Adds a node that deals groups out; the result has one stream per way. */
export function parallelize(input: Stream, options: NodeName & { rank: number; ways: number }): readonly Stream[] {
  return build(parallelizeOperator, [input], { ...options }).outputs;
}
