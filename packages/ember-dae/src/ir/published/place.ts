/** Where a program of the published compiler is being read, and what names stand for there. */
import { append, type Block, Value } from "../op.ts";
import type { TextCursor } from "../text-cursor.ts";
import { heldBy } from "../types.ts";

/** What a name stands for: a value, a variable of the execute unit, what a callback hands to its loop, or a popped buffer. */
export type Meaning =
  | Value
  | { readonly variable: Value }
  | { readonly given: Value; readonly callback: Block }
  | { readonly popped: string };

/** A block with the names that it sees, the mask of the loop over vectors around it, and how deep it lies. */
export interface Place {
  readonly block: Block;
  readonly names: Map<string, Meaning>;
  readonly mask: Value | undefined;
  readonly depth: number;
  /** The counter of the cases that this is one of. */
  readonly counter?: { readonly variable: Value; readonly one: Value };
}

/** Reads a name and gives what it stands for. */
export function readMeaning(cursor: TextCursor, { names }: Place): Meaning {
  const start = cursor.skip();
  const name = cursor.valueName();
  return names.get(name) ?? cursor.fail(`${name} is not defined here`, start);
}

/** Reads a name and gives its value; a variable is read where it is used. */
export function readValue(cursor: TextCursor, place: Place): Value {
  const start = cursor.skip();
  const meaning = readMeaning(cursor, place);
  if (meaning instanceof Value) return meaning;
  if ("given" in meaning) return cursor.fail("this is what a callback gives: only the yield of a loop takes it", start);
  if ("popped" in meaning) return cursor.fail("this is a buffer: only slcvec.from_buffer reads it", start);
  const type = heldBy("variable", meaning.variable.type) ?? "index";
  return append(place.block, "slc.get", [meaning.variable], { type });
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
