import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectSameShape } from "../../program/rules.ts";
import { ragged } from "../../stream/dimension.ts";
import { addressType } from "../../stream/element-type.ts";
import { scalar, type TileValue } from "../../stream/value.ts";
import { expectAddresses } from "../memory/random-load.ts";
import { expectSameStop } from "../memory/random-store.ts";

/** The addresses row · stride, row · stride + 1, … of the first `count` tiles of one row of a table, such as a key cache. */
export const cacheAddressesOperator: Operator = {
  name: "cache-addresses",
  about: "Lists the addresses of the first tiles of one row of a table.",
  ports: ["row", "count"],
  attributes: { stride: { kind: "integer", about: "tiles from one row to the next", least: 1 } },
  infer(node) {
    expectAddresses(node);
    expectSameShape(node, ["row", "count"]);
    return [{ shape: [...node.inputs[0]!.shape, ragged(node.fresh("n", node.inputNames[1]!))], element: addressType }];
  },
  *interpret(node, wires) {
    const stride = node.attributes.number("stride");
    for (;;) {
      const row = yield* wires.take(0);
      const count = yield* wires.take(1);
      expectSameStop(node, row, count);
      if (row === undefined || count === undefined) return;
      const tiles = count.value === undefined ? 0 : (count.value as TileValue).numbers[0]!;
      if (tiles === 0) wires.emit(0, undefined, row.stop + 1);
      for (let at = 0; at < tiles; at++) {
        const address = (row.value as TileValue).numbers[0]! * stride + at;
        wires.emit(0, scalar(address), at === tiles - 1 ? row.stop + 1 : 0);
      }
    }
  },
};

/** Adds a node that lists addresses of cached tiles. */
export function cacheAddresses(row: Stream, count: Stream, options: NodeName & { stride: number }): Stream {
  return build(cacheAddressesOperator, [row, count], { ...options }).outputs[0]!;
}
