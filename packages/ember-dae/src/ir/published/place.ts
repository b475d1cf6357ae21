/** Where a program of the published compiler is being read, and what names stand for there. */
import { append, type Block, Value } from "../op.ts";
import type { TextCursor } from "../text-cursor.ts";
import { heldBy } from "../types.ts";

/** What a name stands for: a value, a variable of the execute unit, or what a callback hands to its loop. */
export type Meaning = Value | { readonly variable: Value } | { readonly given: Value; readonly callback: Block };

/** A block with the names that it sees, the mask of the loop over vectors around it, and how deep it lies. */
export interface Place {
  readonly block: Block;
  readonly names: Map<string, Meaning>;
  readonly mask: Value | undefined;
  readonly depth: number;
}

/** Reads a name and gives its value; a variable is read where it is used. */
export function readValue(cursor: TextCursor, { names, block }: Place): Value {
  const start = cursor.skip();
  const name = cursor.valueName();
  const meaning = names.get(name) ?? cursor.fail(`${name} is not defined here`, start);
  if (meaning instanceof Value) return meaning;
  if ("given" in meaning)
    return cursor.fail(`${name} is what a callback gives: only the yield of a loop takes it`, start);
  const type = heldBy("variable", meaning.variable.type) ?? "index";
  return append(block, "slc.get", [meaning.variable], { type });
}

/** Reads `[%a, %b]`. */
export function readIndices(cursor: TextCursor, place: Place): Value[] {
  const indices: Value[] = [];
  cursor.expect("[");
  do indices.push(readValue(cursor, place));
  while (cursor.accept(","));
  cursor.expect("]");
  return indices;
}
