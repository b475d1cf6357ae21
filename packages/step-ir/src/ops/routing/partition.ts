import { StepError } from "../../errors.ts";
import { symbol } from "../../extent/arithmetic.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectSelector, ruleError, shapeNote } from "../../program/rules.ts";
import { type Dimension, isRagged, regular } from "../../stream/dimension.ts";
import { firstDifference, innerDimensions, outerDimensions, rankOf } from "../../stream/shape.ts";
import type { SelectorValue } from "../../stream/value.ts";
import { expectSameStop } from "../memory/random-store.ts";

/**
 * Sends each group of the `rank` innermost dimensions to the outputs that the selector beside it chooses.
 *
 * The extents of the outputs are new symbols named after the selector, so that two partitions with one selector agree.
 */
export const partitionOperator: Operator = {
  name: "partition",
  about: "Sends the groups of a stream to the outputs that selectors choose.",
  ports: ["input", "selector"],
  attributes: {
    rank: { kind: "integer", about: "dimensions of the groups that are sent" },
    outputs: {
      kind: "integer",
      about: "number of outputs; that of the selector unless given",
      optional: true,
      least: 1,
    },
    switch: { kind: "integer", about: "cycles to switch outputs; 1 unless given", optional: true },
  },
  infer(node) {
    const rank = node.attributes.number("rank");
    const { shape, element } = node.inputs[0]!;
    expectSelectors(node, rank);
    const inner = innerDimensions(shape, rank);
    return Array.from({ length: outputsOf(node) }, (_, port) => {
      const groups = regular(symbol(node.fresh(`n${port}`, node.inputNames[1]!)));
      const held = inner.map((dimension, place): Dimension => {
        return isRagged(dimension) ? { ...dimension, total: symbol(node.fresh(`total${port}.${place}`)) } : dimension;
      });
      return { shape: [groups, ...held], element };
    });
  },
  *interpret(node, wires) {
    const rank = node.attributes.number("rank");
    const outputs = outputsOf(node);
    for (;;) {
      const selector = yield* wires.take(1);
      // The end of the selectors ends the node: within a cycle the input may end only after that.
      if (selector === undefined) return;
      const chosen = selector.value === undefined ? [] : chosenOf(node, selector.value as SelectorValue, outputs);
      for (;;) {
        const slot = yield* wires.take(0);
        const ends = slot === undefined || slot.stop >= rank;
        if (ends) {
          const expected = selector.value === undefined ? selector.stop + rank : rank + selector.stop;
          if (slot?.stop !== expected) expectSameStop(node, slot, { value: slot?.value, stop: expected });
        }
        for (const port of chosen) wires.emit(port, slot!.value, Math.min(slot!.stop, rank));
        if (ends) break;
      }
    }
  },
};

function outputsOf(node: NodeContext): number {
  return node.attributes.number("outputs", expectSelector(node, 1).width);
}

function expectSelectors(node: NodeContext, rank: number): void {
  const selector = expectSelector(node, 1);
  const [input, choices] = [node.inputs[0]!.shape, node.inputs[1]!.shape];
  const fits = rankOf(input) - rank === rankOf(choices);
  const difference = fits ? firstDifference(outerDimensions(input, rank), choices) : undefined;
  if (selector.encoding === "multihot" && outputsOf(node) !== selector.width) {
    const fault = `it has ${outputsOf(node)} outputs and a selector of ${selector.width}`;
    throw ruleError(node, { code: "attribute-value", fault, rule: "a multi-hot selector has one bit per output" });
  }
  if (fits && difference === undefined) return;
  throw ruleError(node, {
    code: "shape-mismatch",
    fault: fits
      ? `groups and selectors disagree at dim ${difference} of the selector`
      : `groups of ${rank} dimensions leave rank ${rankOf(input) - rank} for selectors of rank ${rankOf(choices)}`,
    shapes: [shapeNote(node, 0, "input"), shapeNote(node, 1, "selector")],
    rule: "partition needs one selector per group: the dimensions outside 'rank' are those of the selector",
  });
}

/** The outputs that a selector chooses. @throws {StepError} `selector-value` if there is none of that number. */
export function chosenOf(node: NodeContext, selector: SelectorValue, outputs: number): readonly number[] {
  const wrong = selector.chosen.find((port) => !(Number.isInteger(port) && port >= 0 && port < outputs));
  if (wrong === undefined) return selector.chosen;
  const message = `${node.operator} "${node.id}": the selector chooses ${wrong}, but there are ${outputs} to choose from`;
  throw new StepError("selector-value", message, { node: node.id });
}

/** Adds a node that routes groups; the result has one stream per output. */
export function partition(
  input: Stream,
  selector: Stream,
  options: NodeName & { rank: number; outputs?: number; switch?: number },
): readonly Stream[] {
  return build(partitionOperator, [input, selector], { ...options }).outputs;
}
