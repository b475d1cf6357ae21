import { type NodeName, split } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Program, Stream } from "../../program/program.ts";
import type { ElementType } from "../../stream/element-type.ts";
import type { Shape } from "../../stream/shape.ts";

/** A stream that comes from outside: selectors, counts or tiles, given with each run. */
export const sourceOperator: Operator = {
  name: "source",
  about: "Brings a stream in from outside the program.",
  ports: [],
  attributes: {
    shape: { kind: "shape", about: "the shape of the stream" },
    element: { kind: "element", about: "the type of its elements" },
  },
  infer: ({ attributes }) => [{ shape: attributes.shape("shape"), element: attributes.element("element") }],
  // biome-ignore lint/correctness/useYield: it never waits.
  *interpret(_node, wires) {
    for (const { value, stop } of wires.source()) wires.emit(0, value, stop);
  },
};

/** Adds a source. */
export function source(program: Program, options: NodeName & { shape: Shape; element: ElementType }): Stream {
  return program.add(sourceOperator, { inputs: [], ...split({ ...options }) }).outputs[0]!;
}
