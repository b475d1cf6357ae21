/** Lists in sentences. */

/** `["a", "b", "c"]` -> `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  return joined(words, "or");
}

/** `["a", "b", "c"]` -> `a, b and c`. */
export function enumeration(words: readonly string[]): string {
  return joined(words, "and");
}

/** `(1, "entry", "entries")` -> `1 entry`. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

function joined(words: readonly string[], conjunction: string): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}
