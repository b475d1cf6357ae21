/** How values were made, and what operators are called when names are left out: what carries over from task to task. */
import { partsOf, type StreamType } from "../../program/element-type.ts";
import type { Op } from "../../program/program.ts";

/** How a value was made: its last operator, its last two, its last three, each with what it read. */
export type History = readonly [string, string, string];

/** The history of an input whose type is not shown. */
export const unknownInput: History = ["input", "input", "input"];

/** The history of an input: what kind of element it carries, and in how many axes. */
export function historyOfInput({ elem, shape }: StreamType): History {
  const kinds = partsOf(elem).map((part) => (typeof part === "string" ? part : Object.keys(part)[0]));
  return ["input", `input:${kinds.join("+")}`, `input:${kinds.join("+")}/${shape.length}`];
}

/** The history of what an operator makes from values with the given ones. */
export function historyAfter(key: string, read: readonly History[]): History {
  const of = (depth: 0 | 1): string => `${key}(${read.map((history) => history[depth]).join()})`;
  return [key, of(0), of(1)];
}

/** An operator without names. */
export function keyOf(op: Op): string {
  switch (op.op) {
    case "Accum":
    case "Scan":
    case "Promote":
      return `${op.op}${op.b}`;
    case "Bufferize":
      return `${op.op}${op.a}`;
    case "Flatten":
      return `${op.op}${op.levels.join(",")}`;
    default:
      return op.op;
  }
}
