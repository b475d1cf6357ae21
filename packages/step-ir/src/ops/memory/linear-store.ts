import { multiply } from "../../extent/arithmetic.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectTileInput, ruleError } from "../../program/rules.ts";
import { bytesOf } from "../../stream/element-type.ts";
import { cardinality } from "../../stream/shape.ts";
import type { TileValue } from "../../stream/value.ts";
import { bufferedBytes, expectAddress, expectTiling, type TileShape, writeTile } from "./traffic.ts";

/** Writes the tiles of a stream one after the other, from tile `base` of a tensor on. */
export const linearStoreOperator: Operator = {
  name: "linear-store",
  about: "Stores the tiles of a stream one after the other in an off-chip tensor.",
  ports: ["input"],
  attributes: {
    tensor: { kind: "word", about: "the tensor to write" },
    base: { kind: "integer", about: "the number of the first tile", optional: true },
    dispatch: { kind: "integer", about: "bursts handed over per cycle", optional: true, least: 1 },
  },
  infer(node) {
    expectTiling(node, node.attributes.word("tensor"), storedTile(node, 0));
    return [];
  },
  offChipBytes: ({ inputs: [input] }) => multiply(cardinality(input!.shape), bytesOf(input!.element)),
  onChipBytes: ({ inputs: [input] }, accounting) => bufferedBytes(bytesOf(input!.element), accounting),
  *interpret(node, wires) {
    const tensor = wires.tensor(node.attributes.word("tensor"));
    const size = storedTile(node, 0);
    let index = node.attributes.number("base");
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      if (slot.value === undefined) continue;
      expectAddress(node, tensor, size, index);
      writeTile(tensor, slot.value as TileValue, index);
      index += 1;
    }
  },
};

/** Rows and columns of the tiles at input `place`. @throws {StepError} `dimension-dynamic` if they are not static. */
export function storedTile(node: NodeContext, place: number): TileShape {
  const { rows, columns } = expectTileInput(node, place);
  if (rows.value !== undefined && columns.value !== undefined) return [rows.value, columns.value];
  throw ruleError(node, {
    code: "dimension-dynamic",
    fault: `its tiles are [${rows}, ${columns}]`,
    rule: "stored tiles have static rows and columns",
    hint: "split the tiles into static ones first, with flat-map and split-valid-rows",
  });
}

/** Adds a store of a whole stream. */
export function linearStore(
  input: Stream,
  options: NodeName & { tensor: string; base?: number; dispatch?: number },
): void {
  build(linearStoreOperator, [input], { ...options });
}
