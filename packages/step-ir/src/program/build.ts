import type { Attributes, AttributeValue } from "./attributes.ts";
import type { Operator } from "./operator.ts";
import type { ProgramNode, Stream } from "./program.ts";

/** What every builder takes besides its own settings. */
export interface NodeName {
  /** Id of the node; made from the operator's name unless given. */
  readonly id?: string;
}

/** Adds a node to the program of its first input; settings that are `undefined` are left out. */
export function build(
  operator: Operator,
  inputs: readonly [Stream, ...Stream[]],
  settings: NodeName & Readonly<Record<string, AttributeValue | undefined>>,
): ProgramNode {
  return inputs[0].program.add(operator, { inputs, ...split(settings) });
}

/** Settings as an id and attributes. */
export function split(settings: NodeName & Readonly<Record<string, AttributeValue | undefined>>): {
  id: string | undefined;
  attributes: Attributes;
} {
  const { id, ...rest } = settings;
  const given = Object.entries(rest).filter((entry): entry is [string, AttributeValue] => entry[1] !== undefined);
  return { id, attributes: Object.fromEntries(given) };
}
