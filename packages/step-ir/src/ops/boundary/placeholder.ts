import { StepError } from "../../errors.ts";
import { type NodeName, split } from "../../program/build.ts";
import type { Operator, StreamType } from "../../program/operator.ts";
import type { Program, Stream } from "../../program/program.ts";
import { type ElementType, printElement, sameElement } from "../../stream/element-type.ts";
import { firstDifference, printShape, type Shape } from "../../stream/shape.ts";

/** A stream that is used before it is made: the one way to build a cycle. */
export const placeholderOperator: Operator = {
  name: "placeholder",
  about: "Stands for a stream that a later node makes, and so closes a cycle.",
  ports: [],
  attributes: {
    shape: { kind: "shape", about: "the shape of the stream" },
    element: { kind: "element", about: "the type of its elements" },
  },
  infer: ({ attributes }) => [{ shape: attributes.shape("shape"), element: attributes.element("element") }],
  *interpret(_node, wires) {
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      wires.emit(0, slot.value, slot.stop);
    }
  },
};

/** Adds a placeholder; `closeFeedback` must feed it later. */
export function placeholder(program: Program, options: NodeName & { shape: Shape; element: ElementType }): Stream {
  return program.add(placeholderOperator, { inputs: [], ...split({ ...options }) }).outputs[0]!;
}

/**
 * Feeds a placeholder with a stream of the same type.
 *
 * @throws {StepError} `shape-mismatch` or `element-mismatch` if the types differ, `program-invalid` if it is fed already.
 */
export function closeFeedback(promised: Stream, stream: Stream): void {
  promised.program.close(promised.node, stream, (expected, given) => checkFeedback(promised.node, expected, given));
}

function checkFeedback(node: string, expected: StreamType, given: StreamType): void {
  const place = { node, rule: "a placeholder is fed with the shape and the elements that it promised" };
  if (!sameElement(expected.element, given.element)) {
    const found = `${printElement(given.element)} instead of ${printElement(expected.element)}`;
    throw new StepError("element-mismatch", `placeholder "${node}" is fed with elements ${found}`, place);
  }
  if (expected.shape.length !== given.shape.length || firstDifference(expected.shape, given.shape) !== undefined) {
    const found = `${printShape(given.shape)} instead of ${printShape(expected.shape)}`;
    const hint = "assert that the extents are the same if they always are";
    throw new StepError("shape-mismatch", `placeholder "${node}" is fed with shape ${found}. Hint: ${hint}.`, {
      ...place,
      hint,
    });
  }
}
