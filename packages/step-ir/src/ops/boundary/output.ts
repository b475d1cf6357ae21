import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";

/** A stream that leaves the program; runs return what it carried. */
export const outputOperator: Operator = {
  name: "output",
  about: "Hands a stream out of the program.",
  ports: ["input"],
  attributes: {},
  infer: () => [],
  *interpret(_node, wires) {
    while ((yield* wires.take(0)) !== undefined);
  },
};

/** Marks a stream as an output under the id given. */
export function output(input: Stream, options: NodeName = {}): void {
  build(outputOperator, [input], { ...options });
}
