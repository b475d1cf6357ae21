/** What the operators with functions share: finding the arguments of a function among the inputs. */
import { StepError } from "../../errors.ts";
import { expectTiles } from "../../functions/function.ts";
import type { Await, Wires } from "../../interpret/process.ts";
import type { AttributeSpec } from "../../program/attributes.ts";
import type { NodeContext } from "../../program/operator.ts";
import { expectSameShape } from "../../program/rules.ts";
import type { ElementType, TileType } from "../../stream/element-type.ts";
import type { Slot } from "../../stream/fused-tokens.ts";
import { type TileValue, TupleValue, type Value } from "../../stream/value.ts";
import { expectSameStop } from "../memory/random-store.ts";

/** Attributes of the machine that computes: they decide time, not values. */
export const computeAttributes: Readonly<Record<string, AttributeSpec>> = {
  bandwidth: { kind: "integer", about: "operations per cycle; unlimited unless given", optional: true, least: 1 },
  store: { kind: "boolean", about: "whether results go through on-chip memory", optional: true },
};

/** Settings of a node that computes. */
export interface ComputeOptions {
  /** Operations per cycle; unlimited unless given. */
  readonly bandwidth?: number;
  /** Whether results go through on-chip memory. */
  readonly store?: boolean;
}

/**
 * Types of the arguments of a function that takes `arity` of them: the inputs, or the parts of one input of tuples.
 *
 * @throws {StepError} `function-arguments` if they are not so many tiles, `shape-mismatch` if the inputs differ in shape.
 */
export function argumentTypes(node: NodeContext, name: string, arity: number): readonly TileType[] {
  if (node.inputs.length === 2) expectSameShape(node, ["left", "right"]);
  const [first] = node.inputs;
  const elements: readonly ElementType[] =
    node.inputs.length === 1 && first!.element.kind === "tuple"
      ? first!.element.parts
      : node.inputs.map((input) => input.element);
  if (elements.length !== arity) {
    const message = `${node.operator} "${node.id}": ${name} takes ${arity} arguments, got ${elements.length}`;
    throw new StepError("function-arguments", message, { node: node.id });
  }
  return named(node, () => expectTiles(elements));
}

/** Runs a rule of a function so that what it throws names the node. */
export function named<T>(node: NodeContext, rule: () => T): T {
  try {
    return rule();
  } catch (error) {
    if (!(error instanceof StepError) || error.place.node !== undefined) throw error;
    const message = `${node.operator} "${node.id}": ${error.message}`;
    throw new StepError(error.code, message, { ...error.place, node: node.id }, { cause: error });
  }
}

/** The next arguments, all in step; a slot without a value ends an empty group. */
export function* takeArguments(node: NodeContext, wires: Wires): Await<Slot<readonly TileValue[]> | undefined> {
  const first = yield* wires.take(0);
  if (node.inputs.length === 1) {
    if (first === undefined) return undefined;
    return { value: first.value === undefined ? undefined : spread(first.value), stop: first.stop };
  }
  const second = yield* wires.take(1);
  expectSameStop(node, first, second);
  if (first === undefined || second === undefined) return undefined;
  const value = first.value === undefined ? undefined : [first.value as TileValue, second.value as TileValue];
  return { value, stop: first.stop };
}

function spread(value: Value): readonly TileValue[] {
  return value instanceof TupleValue ? (value.parts as readonly TileValue[]) : [value as TileValue];
}
