import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";

/** Copies a stream. Programs need not hold it: wherever a stream has several readers one is put in when they are lowered. */
export const broadcastOperator: Operator = {
  name: "broadcast",
  about: "Copies a stream to several outputs.",
  ports: ["input"],
  attributes: {
    copies: { kind: "integer", about: "number of outputs", least: 1 },
    depth: { kind: "integer", about: "slots of the channel of each copy", optional: true, least: 1 },
  },
  infer: ({ inputs: [input], attributes }) => Array.from({ length: attributes.number("copies") }, () => input!),
  *interpret(node, wires) {
    const copies = node.attributes.number("copies");
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      for (let port = 0; port < copies; port++) wires.emit(port, slot.value, slot.stop);
    }
  },
};

/** Adds a node that copies a stream; the result has one stream per copy. With `depth` it is a queue in time. */
export function broadcast(input: Stream, options: NodeName & { copies: number; depth?: number }): readonly Stream[] {
  return build(broadcastOperator, [input], { ...options }).outputs;
}
