import { StepError } from "../../errors.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectTileInput, ruleError } from "../../program/rules.ts";
import { multihot, printElement } from "../../stream/element-type.ts";
import { SelectorValue, type TileValue } from "../../stream/value.ts";

/** Makes a choice of each row of zeros and ones, as wide as the row: what a program computed decides where groups go. */
export const chooseOperator: Operator = {
  name: "choose",
  about: "Reads rows of zeros and ones as choices among as many outputs.",
  ports: ["input"],
  attributes: {},
  infer(node) {
    const element = expectTileInput(node);
    const width = element.columns.value;
    if (element.rows.value !== 1 || width === undefined) {
      const fault = `its elements are ${printElement(element)}`;
      throw ruleError(node, {
        code: "element-mismatch",
        fault,
        rule: "choose reads tiles of one row with static columns",
      });
    }
    return [{ shape: node.inputs[0]!.shape, element: multihot(width) }];
  },
  *interpret(node, wires) {
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      const row = slot.value as TileValue | undefined;
      wires.emit(0, row && new SelectorValue(onesOf(node, row)), slot.stop);
    }
  },
};

/** The places of the ones in a row. @throws {StepError} `selector-value` if it has other numbers than 0 and 1. */
export function onesOf(node: NodeContext, { numbers }: TileValue): readonly number[] {
  const ones: number[] = [];
  for (const [place, number] of numbers.entries()) {
    if (number === 1) ones.push(place);
    else if (number !== 0) {
      const message = `choose "${node.id}": a choice is made of 0 and 1, and number ${place} of this one is ${number}`;
      throw new StepError("selector-value", message, { node: node.id });
    }
  }
  return ones;
}

/** Adds a node that makes choices of rows. */
export function choose(input: Stream, options: NodeName = {}): Stream {
  return build(chooseOperator, [input], { ...options }).outputs[0]!;
}
