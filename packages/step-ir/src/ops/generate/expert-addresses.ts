import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { elementError } from "../../program/rules.ts";
import { regular } from "../../stream/dimension.ts";
import { addressType } from "../../stream/element-type.ts";
import { SelectorValue, scalar, type TileValue, type Value } from "../../stream/value.ts";

/** The addresses of all tiles of the expert that a selector chooses or a number names, in a tensor of stacked experts. */
export const expertAddressesOperator: Operator = {
  name: "expert-addresses",
  about: "Lists the addresses of the tiles of one expert in a tensor of stacked experts.",
  ports: ["expert"],
  attributes: {
    tiles: { kind: "integer", about: "tiles of one expert", least: 1 },
    base: { kind: "integer", about: "the address of expert 0", optional: true },
  },
  infer(node) {
    expectExpert(node);
    const { shape } = node.inputs[0]!;
    return [{ shape: [...shape, regular(node.attributes.number("tiles"))], element: addressType }];
  },
  *interpret(node, wires) {
    const tiles = node.attributes.number("tiles");
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      if (slot.value === undefined) wires.emit(0, undefined, slot.stop + 1);
      else {
        const first = node.attributes.number("base") + expertOf(slot.value) * tiles;
        for (let at = 0; at < tiles; at++) wires.emit(0, scalar(first + at), at === tiles - 1 ? slot.stop + 1 : 0);
      }
    }
  },
};

function expectExpert(node: NodeContext): void {
  const { element } = node.inputs[0]!;
  const single = element.kind === "tile" && element.rows.value === 1 && element.columns.value === 1;
  if (element.kind !== "selector" && !single) throw elementError(node, 0, "selectors or single numbers");
}

/** The number of the expert that a selector chooses first, or that is given as a number. */
function expertOf(value: Value): number {
  return value instanceof SelectorValue ? (value.chosen[0] ?? 0) : (value as TileValue).numbers[0]!;
}

/** Adds a node that lists the addresses of experts. */
export function expertAddresses(expert: Stream, options: NodeName & { tiles: number; base?: number }): Stream {
  return build(expertAddressesOperator, [expert], { ...options }).outputs[0]!;
}
