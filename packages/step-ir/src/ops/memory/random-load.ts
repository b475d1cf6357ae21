import { multiply } from "../../extent/arithmetic.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { elementError, expectTileInput } from "../../program/rules.ts";
import { tile } from "../../stream/element-type.ts";
import { cardinality } from "../../stream/shape.ts";
import type { TileValue } from "../../stream/value.ts";
import { bufferedBytes, expectAddress, expectTiling, loadedBytes, readTile, type TileShape } from "./traffic.ts";

/** Reads one tile per address; an address is the number of a tile, counted row by row. */
export const randomLoadOperator: Operator = {
  name: "random-load",
  about: "Loads one tile of an off-chip tensor per address.",
  ports: ["address"],
  attributes: {
    tensor: { kind: "word", about: "the tensor to read" },
    tile: { kind: "integers", about: "rows and columns of a tile", least: 1 },
    dispatch: { kind: "integer", about: "bursts asked for per cycle", optional: true, least: 1 },
  },
  infer(node) {
    expectAddresses(node);
    const sizes = node.attributes.integers("tile");
    const tensor = expectTiling(node, node.attributes.word("tensor"), sizes);
    return [{ shape: node.inputs[0]!.shape, element: tile(tensor.scalar, sizes[0]!, sizes[1]!) }];
  },
  offChipBytes({ outputs: [output] }, accounting) {
    return multiply(cardinality(output!.shape), loadedBytes(output!.element, accounting));
  },
  onChipBytes({ outputs: [output] }, accounting) {
    return bufferedBytes(loadedBytes(output!.element, accounting), accounting);
  },
  *interpret(node, wires) {
    const size = node.attributes.integers("tile") as TileShape;
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      if (slot.value === undefined) wires.emit(0, undefined, slot.stop);
      else {
        const tensor = wires.tensor(node.attributes.word("tensor"));
        const index = (slot.value as TileValue).numbers[0]!;
        expectAddress(node, tensor, size, index);
        wires.emit(0, readTile(tensor, size, index), slot.stop);
      }
    }
  },
};

/** @throws {StepError} `element-mismatch` unless input 0 holds single numbers. */
export function expectAddresses(node: NodeContext): void {
  const { rows, columns } = expectTileInput(node, 0);
  if (rows.value !== 1 || columns.value !== 1) throw elementError(node, 0, "addresses, u64[1, 1],");
}

/** Adds a load by address. */
export function randomLoad(
  address: Stream,
  options: NodeName & { tensor: string; tile: TileShape; dispatch?: number },
): Stream {
  return build(randomLoadOperator, [address], { ...options }).outputs[0]!;
}
