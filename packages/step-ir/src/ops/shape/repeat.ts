import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { regular } from "../../stream/dimension.ts";
import { bytesOf } from "../../stream/element-type.ts";

/** Repeats every element; the repetitions are a new innermost dimension. The static form of expand. */
export const repeatOperator: Operator = {
  name: "repeat",
  about: "Repeats every element a fixed number of times, as a new innermost dimension.",
  ports: ["input"],
  attributes: { count: { kind: "integer", about: "how often", least: 1 } },
  infer({ inputs: [input], attributes }) {
    return [{ shape: [...input!.shape, regular(attributes.number("count"))], element: input!.element }];
  },
  onChipBytes: ({ outputs: [output] }) => bytesOf(output!.element),
  *interpret(node, wires) {
    const count = node.attributes.number("count");
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      if (slot.value === undefined) wires.emit(0, undefined, slot.stop + 1);
      else for (let time = 1; time <= count; time++) wires.emit(0, slot.value, time === count ? slot.stop + 1 : 0);
    }
  },
};

/** Adds a node that repeats every element `count` times. */
export function repeat(input: Stream, options: NodeName & { count: number }): Stream {
  return build(repeatOperator, [input], { ...options }).outputs[0]!;
}
