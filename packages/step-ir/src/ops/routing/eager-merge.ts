import { add } from "../../extent/arithmetic.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { joinElements } from "../../program/rules.ts";
import { type Dimension, regular } from "../../stream/dimension.ts";
import { multihot } from "../../stream/element-type.ts";
import { rankOf } from "../../stream/shape.ts";
import { SelectorValue } from "../../stream/value.ts";
import { expectSameInner, joinInner } from "./reassemble.ts";

/**
 * Merges streams group by group in the order in which they arrive, and tells for each group where it came from. Without
 * time there is no such order: the interpreter takes the lowest input that has something, or a recorded order.
 */
export const eagerMergeOperator: Operator = {
  name: "eager-merge",
  about: "Merges the groups of several streams as they arrive, with a selector for each.",
  ports: ["input*"],
  attributes: {},
  infer(node) {
    const element = joinElements(node, 0);
    expectSameInner(node, 0);
    const { inputs } = node;
    const merged: Dimension = regular(add(...inputs.map(({ shape }) => shape[0]!.extent)));
    const inner = joinInner(
      node,
      inputs.map(({ shape }) => shape),
    );
    return [
      { shape: [merged, ...inner], element },
      { shape: [merged], element: multihot(inputs.length) },
    ];
  },
  *interpret(node, wires) {
    const rank = rankOf(node.inputs[0]!.shape);
    const ports = node.inputs.map((_, port) => port);
    for (;;) {
      const port = yield* wires.select(ports);
      if (port === undefined) return;
      wires.emit(1, new SelectorValue([port]));
      for (;;) {
        const slot = yield* wires.take(port);
        if (slot === undefined) break;
        wires.emit(0, slot.value, slot.stop);
        if (slot.stop >= rank) break;
      }
    }
  },
};

/** Adds a node that merges streams as they arrive. */
export function eagerMerge(
  inputs: readonly [Stream, ...Stream[]],
  options: NodeName = {},
): { readonly merged: Stream; readonly selector: Stream } {
  const [merged, selector] = build(eagerMergeOperator, inputs, { ...options }).outputs as [Stream, Stream];
  return { merged, selector };
}
