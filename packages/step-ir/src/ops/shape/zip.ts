import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectSameShape } from "../../program/rules.ts";
import { TupleValue } from "../../stream/value.ts";
import { expectSameStop } from "../memory/random-store.ts";

/** Puts the elements of streams of one shape side by side. */
export const zipOperator: Operator = {
  name: "zip",
  about: "Puts the elements of two streams of one shape side by side, as tuples.",
  ports: ["left", "right"],
  attributes: {},
  infer(node) {
    expectSameShape(node, ["left", "right"]);
    const { inputs } = node;
    return [{ shape: inputs[0]!.shape, element: { kind: "tuple", parts: inputs.map((input) => input.element) } }];
  },
  *interpret(node, wires) {
    for (;;) {
      const left = yield* wires.take(0);
      const right = yield* wires.take(1);
      expectSameStop(node, left, right);
      if (left === undefined || right === undefined) return;
      const value = left.value === undefined ? undefined : new TupleValue([left.value, right.value!]);
      wires.emit(0, value, left.stop);
    }
  },
};

/** Adds a node that pairs up two streams. */
export function zip(left: Stream, right: Stream, options: NodeName = {}): Stream {
  return build(zipOperator, [left, right], { ...options }).outputs[0]!;
}
