import { StepError } from "../../errors.ts";
import { add, symbol } from "../../extent/arithmetic.ts";
import type { Await, Wires } from "../../interpret/process.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectSelector, joinElements, ruleError, shapeNote } from "../../program/rules.ts";
import { type Dimension, isRagged, staticExtent } from "../../stream/dimension.ts";
import { cardinality, rankOf, type Shape } from "../../stream/shape.ts";
import type { SelectorValue } from "../../stream/value.ts";
import { chosenOf } from "./partition.ts";

/**
 * Takes, for each selector, one group from every input that it chooses, and puts them into a group; the reverse of a
 * partition. A selector that chooses nothing gives an empty group. Groups are never interleaved; they come in the order of
 * the selector, unless a run in time recorded that of their arrival.
 */
export const reassembleOperator: Operator = {
  name: "reassemble",
  about: "Puts the groups of several streams together as selectors say.",
  ports: ["selector", "input*"],
  attributes: { switch: { kind: "integer", about: "cycles to switch inputs; 1 unless given", optional: true } },
  infer(node) {
    const selector = expectSelector(node, 0);
    const inputs = node.inputs.slice(1);
    const element = joinElements(node, 1);
    expectSameInner(node, 1);
    if (selector.encoding === "multihot" && selector.width !== inputs.length) {
      const fault = `it has ${inputs.length} inputs and a selector of ${selector.width}`;
      throw ruleError(node, { code: "attribute-value", fault, rule: "a multi-hot selector has one bit per input" });
    }
    const taken = add(...inputs.map(({ shape }) => shape[0]!.extent));
    const chosen: Dimension = { extent: symbol(node.fresh("n")), total: taken };
    const inner = joinInner(
      node,
      inputs.map(({ shape }) => shape),
    );
    return [{ shape: [...node.inputs[0]!.shape, chosen, ...inner], element }];
  },
  *interpret(node, wires) {
    const rank = rankOf(node.inputs[1]!.shape);
    for (;;) {
      const selector = yield* wires.take(0);
      // The end of the selectors ends the node: within a cycle the inputs may end only after that.
      if (selector === undefined) return;
      const end = rank + 1 + selector.stop;
      const chosen =
        selector.value === undefined ? [] : chosenOf(node, selector.value as SelectorValue, node.inputs.length - 1);
      if (chosen.length === 0) wires.emit(0, undefined, end);
      for (const [place, port] of wires.arrange(chosen).entries()) {
        yield* copyGroup(node, wires, { port: port + 1, rank }, place === chosen.length - 1 ? end : rank);
      }
    }
  },
};

function* copyGroup(
  node: NodeContext,
  wires: Wires,
  { port, rank }: { readonly port: number; readonly rank: number },
  end: number,
): Await<void> {
  for (;;) {
    const slot = yield* wires.take(port);
    if (slot === undefined) {
      const message = `reassemble "${node.id}": input "${node.inputNames[port]}" has fewer groups than the selectors choose`;
      throw new StepError("stops-mismatch", message, { node: node.id });
    }
    const ends = slot.stop >= rank;
    wires.emit(0, slot.value, ends ? end : slot.stop);
    if (ends) return;
  }
}

/** @throws {StepError} `shape-mismatch` if inputs from `first` on differ in rank, or in a static inner dimension. */
export function expectSameInner(node: NodeContext, first: number): void {
  const inputs = node.inputs.slice(first);
  const shape = inputs[0]!.shape;
  const differs = (one: Dimension, other: Dimension): boolean => {
    const [a, b] = [staticExtent(one), staticExtent(other)];
    return a !== undefined && b !== undefined && a !== b;
  };
  const other = inputs.findIndex((input) => {
    const ranks = input.shape.length === shape.length;
    return !ranks || input.shape.some((dimension, place) => place > 0 && differs(dimension, shape[place]!));
  });
  if (other === -1) return;
  throw ruleError(node, {
    code: "shape-mismatch",
    fault: `inputs ${first} and ${first + other} disagree inside their outermost dimension`,
    shapes: [shapeNote(node, first, "input"), shapeNote(node, first + other, "input")],
    rule: `${node.operator} needs inputs that differ in their outermost dimension only`,
  });
}

/**
 * The dimensions inside the outermost one of streams that are joined: what is the same and regular stays; everything else
 * is ragged, with the sum of what the streams have as total.
 */
export function joinInner(node: NodeContext, shapes: readonly Shape[]): Shape {
  return shapes[0]!.slice(1).map((dimension, inner): Dimension => {
    const same = shapes.every((shape) => shape[inner + 1]!.extent === dimension.extent);
    if (same && !shapes.some((shape) => isRagged(shape[inner + 1]!))) return dimension;
    const total = add(...shapes.map((shape) => cardinality(shape.slice(0, inner + 2))));
    return { extent: same ? dimension.extent : symbol(node.fresh(`inner${inner}`)), total };
  });
}

/** Adds a node that puts the groups of `inputs` together. */
export function reassemble(
  inputs: readonly Stream[],
  selector: Stream,
  options: NodeName & { switch?: number } = {},
): Stream {
  return build(reassembleOperator, [selector, ...inputs], { ...options }).outputs[0]!;
}
