import { add, multiply } from "../../extent/arithmetic.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectKnownGroup, expectRank, expectTileInput, outermost, ruleError, shapeNote } from "../../program/rules.ts";
import { isRagged } from "../../stream/dimension.ts";
import { bytesOf } from "../../stream/element-type.ts";
import type { Slot } from "../../stream/fused-tokens.ts";
import { innerDimensions, outerDimensions } from "../../stream/shape.ts";
import { BufferValue, type TileValue } from "../../stream/value.ts";

/** Collects the tiles of the `rank` innermost dimensions in on-chip buffers and streams handles to them. */
export const bufferizeOperator: Operator = {
  name: "bufferize",
  about: "Holds the inner dimensions of a stream on chip, as buffers.",
  ports: ["input"],
  attributes: { rank: { kind: "integer", about: "how many inner dimensions a buffer has", least: 1 } },
  infer(node) {
    const rank = node.attributes.number("rank");
    const element = expectTileInput(node);
    expectRank(node, rank);
    const { shape } = node.inputs[0]!;
    const held = innerDimensions(shape, rank);
    const inner = held.findIndex((dimension, place) => place > 0 && isRagged(dimension));
    if (inner !== -1) {
      throw ruleError(node, {
        code: "dimension-kind",
        fault: `dim ${rank - 1 - inner} of its input is ragged`,
        dimension: rank - 1 - inner,
        shapes: [shapeNote(node, 0, "input")],
        rule: "only the outermost dimension of a buffer may be ragged",
        hint: "bufferize fewer dimensions, or flatten the ragged one outwards",
      });
    }
    return [{ shape: outerDimensions(shape, rank), element: { kind: "buffer", element, shape: held } }];
  },
  onChipBytes({ inputs: [input], outputs: [output] }) {
    return add(bytesOf(input!.element), multiply(2, bytesOf(output!.element)));
  },
  *interpret(node, wires) {
    const rank = node.attributes.number("rank");
    let held: Slot<TileValue>[] = [];
    let before = outermost;
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      const value = slot.value as TileValue | undefined;
      if (value === undefined) expectKnownGroup(node, rank, slot.stop, before);
      before = slot.stop;
      if (slot.stop < rank) held.push({ value, stop: slot.stop });
      else {
        if (value !== undefined) held.push({ value, stop: 0 });
        wires.emit(0, new BufferValue(held), slot.stop - rank);
        held = [];
      }
    }
  },
};

/** Adds a node that buffers the `rank` innermost dimensions. */
export function bufferize(input: Stream, options: NodeName & { rank: number }): Stream {
  return build(bufferizeOperator, [input], { ...options }).outputs[0]!;
}
