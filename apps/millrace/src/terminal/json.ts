/**
 * JSON of any size: a document is written piece by piece, so that a result with millions of entries never becomes one string.
 *
 * Iterables become arrays. Numbers JSON has no form for are written as the strings "NaN", "Infinity" and "-Infinity".
 */

/** A value that has a JSON form; iterables are walked once, as they are written. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | Iterable<JsonValue>
  | { readonly [key: string]: JsonValue | undefined };

const CHUNK_CHARACTERS = 1 << 16;

/** Writes `value` as one line of JSON with a line break after it. Keys whose value is undefined are left out. */
export function writeJson(write: (text: string) => void, value: JsonValue): void {
  let chunk = "";
  for (const piece of pieces(value)) {
    chunk += piece;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    write(chunk);
    chunk = "";
  }
  write(`${chunk}\n`);
}

function* pieces(value: JsonValue): Generator<string> {
  if (value === null || typeof value !== "object") {
    yield scalar(value);
  } else if (Symbol.iterator in value) {
    yield* list(value);
  } else {
    let separator = "{";
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* pieces(member);
      separator = ",";
    }
    yield separator === "{" ? "{}" : "}";
  }
}

function* list(items: Iterable<JsonValue>): Generator<string> {
  let separator = "[";
  for (const item of items) {
    yield separator;
    if (isNumbers(item)) yield `[${item.map(scalar).join(",")}]`;
    else yield* pieces(item);
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}

// Entries of tensors are short lists of numbers: one piece each instead of a generator each.
function isNumbers(item: JsonValue): item is readonly number[] {
  return Array.isArray(item) && item.every((member) => typeof member === "number");
}

function scalar(value: null | boolean | number | string): string {
  if (typeof value === "number" && !Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}
