import type { Await, Wires } from "../../interpret/process.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectOne, expectRank, ruleError, shapeNote } from "../../program/rules.ts";
import { bytesOf } from "../../stream/element-type.ts";
import { firstDifference, outerDimensions, rankOf } from "../../stream/shape.ts";
import type { Value } from "../../stream/value.ts";
import { expectSameStop } from "../memory/random-store.ts";

/** Repeats each element once per element of the reference: the `rank` + 1 inner dimensions, all 1, become those of the reference. */
export const expandOperator: Operator = {
  name: "expand",
  about: "Repeats elements so that the stream takes the shape of a reference.",
  ports: ["input", "reference"],
  attributes: { rank: { kind: "integer", about: "how many inner dimensions, less one, the reference replaces" } },
  infer(node) {
    expectReference(node, node.attributes.number("rank"));
    return [{ shape: node.inputs[1]!.shape, element: node.inputs[0]!.element }];
  },
  onChipBytes: ({ outputs: [output] }) => bytesOf(output!.element),
  *interpret(node, wires) {
    yield* followReference(node, wires, node.attributes.number("rank"), (value, stop) => wires.emit(0, value, stop));
  },
};

/**
 * Checks that a reference, at input 1, agrees with input 0 outside the `rank` + 1 dimensions that it replaces, and that
 * these are 1.
 *
 * @throws {StepError} `shape-mismatch`, `rank-too-small` or `dimension-kind`.
 */
export function expectReference(node: NodeContext, rank: number): void {
  expectRank(node, rank);
  for (let index = 0; index <= rank; index++) expectOne(node, index);
  const [input, reference] = [node.inputs[0]!.shape, node.inputs[1]!.shape];
  const agree = rankOf(input) === rankOf(reference);
  const outer = outerDimensions(input, rank + 1);
  if (agree && firstDifference(outer, outerDimensions(reference, rank + 1)) === undefined) return;
  throw ruleError(node, {
    code: "shape-mismatch",
    fault: agree
      ? `its inputs disagree outside dim ${rank}`
      : `its inputs have ranks ${rankOf(input)} and ${rankOf(reference)}`,
    shapes: [shapeNote(node, 0, "input"), shapeNote(node, 1, "reference")],
    rule: `${node.operator} needs a reference that has the dimensions of its input outside the ${rank + 1} replaced ones`,
  });
}

/** Hands on the value of input 0 for every slot of the reference, with the reference's stop; takes it when its group ends. */
export function* followReference(
  node: NodeContext,
  wires: Wires,
  rank: number,
  emit: (value: Value | undefined, stop: number) => void,
): Await<void> {
  for (;;) {
    const reference = yield* wires.take(1);
    if (reference === undefined) break;
    const input = yield* wires.peek(0);
    emit(reference.value === undefined ? undefined : input?.value, reference.stop);
    if (reference.stop <= rank) continue;
    yield* wires.take(0);
    const stop = input?.stop ?? -1;
    if (stop !== reference.stop) {
      expectSameStop(node, input === undefined ? undefined : { value: 1, stop }, { value: 1, stop: reference.stop });
    }
  }
  // Where the reference replaces all dimensions, its end is the end of the one group.
  const left = yield* wires.take(0);
  if (left !== undefined && rank < rankOf(node.inputs[0]!.shape)) expectSameStop(node, left, undefined);
}

/** Adds a node that repeats elements after a reference. */
export function expand(input: Stream, reference: Stream, options: NodeName & { rank: number }): Stream {
  return build(expandOperator, [input, reference], { ...options }).outputs[0]!;
}
