import { positive } from "../../extent/arithmetic.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { ruleError, shapeNote } from "../../program/rules.ts";
import { regular } from "../../stream/dimension.ts";
import { innerDimensions, outerDimensions, rankOf } from "../../stream/shape.ts";

/**
 * Adds a dimension of 1 at `rank`: 0 makes every element a group of its own; one above the rank of the input makes the
 * whole stream one group, and then the new extent is 0 if there is nothing.
 */
export const promoteOperator: Operator = {
  name: "promote",
  about: "Adds a dimension of 1.",
  ports: ["input"],
  attributes: { rank: { kind: "integer", about: "the number that the new dimension gets" } },
  infer(node) {
    const { shape, element } = node.inputs[0]!;
    const rank = node.attributes.number("rank");
    if (rank > rankOf(shape) + 1) {
      const rule = `promote adds a dimension numbered 0 to ${rankOf(shape) + 1} here`;
      const fault = `it adds dim ${rank}`;
      throw ruleError(node, { code: "rank-too-small", fault, shapes: [shapeNote(node, 0, "input")], rule });
    }
    const outer = outerDimensions(shape, rank);
    const added = regular(outer.length > 0 ? 1 : positive(shape[0]!.extent));
    return [{ shape: [...outer, added, ...innerDimensions(shape, rank)], element }];
  },
  *interpret(node, wires) {
    const rank = node.attributes.number("rank");
    if (rank <= rankOf(node.inputs[0]!.shape)) {
      for (;;) {
        const slot = yield* wires.take(0);
        if (slot === undefined) return;
        wires.emit(0, slot.value, slot.stop >= rank ? slot.stop + 1 : slot.stop);
      }
    }
    // The stop behind the whole stream: known only when there is nothing more.
    let last = yield* wires.take(0);
    while (last !== undefined) {
      const next = yield* wires.take(0);
      wires.emit(0, last.value, next === undefined ? rank : last.stop);
      last = next;
    }
  },
};

/** Adds a node that adds a dimension of 1 at `rank`. */
export function promote(input: Stream, options: NodeName & { rank: number }): Stream {
  return build(promoteOperator, [input], { ...options }).outputs[0]!;
}
