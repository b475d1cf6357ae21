import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { ragged } from "../../stream/dimension.ts";
import { multihot } from "../../stream/element-type.ts";
import { SelectorValue, type TileValue } from "../../stream/value.ts";
import { expectAddresses } from "../memory/random-load.ts";

/** For a count of n, n selectors of two outputs: 1 for each tile but the last, 0 for the last. */
export const lastTileOperator: Operator = {
  name: "last-tile",
  about: "Tells the last tile of each group of a known count from the others.",
  ports: ["count"],
  attributes: {},
  infer(node) {
    expectAddresses(node);
    return [{ shape: [...node.inputs[0]!.shape, ragged(node.fresh("n", node.inputNames[0]!))], element: multihot(2) }];
  },
  *interpret(_node, wires) {
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      const count = slot.value === undefined ? 0 : (slot.value as TileValue).numbers[0]!;
      if (count === 0) wires.emit(0, undefined, slot.stop + 1);
      for (let at = 1; at <= count; at++) {
        wires.emit(0, new SelectorValue([at === count ? 0 : 1]), at === count ? slot.stop + 1 : 0);
      }
    }
  },
};

/** Adds a node that tells last tiles from others. */
export function lastTile(count: Stream, options: NodeName = {}): Stream {
  return build(lastTileOperator, [count], { ...options }).outputs[0]!;
}
