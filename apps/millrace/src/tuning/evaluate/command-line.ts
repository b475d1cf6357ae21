/**
 * Command lines of objectives: split into words without a shell, each `{name}` replaced by the value of a parameter.
 *
 * Quotes and backslashes work as in a shell; nothing else does: no variables, no pipes, no globbing.
 */
import type { Config, Value } from "@millrace/baco-tuner";
import { nearest } from "@millrace/ir-text";
import { MillraceError } from "../../errors.ts";

/** Splits a command line into words. @throws {MillraceError} `argument` for an open quote or an empty line. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (quote !== "'" && character === "\\" && at + 1 < line.length) {
      at += 1;
      const kept = quote === '"' && !'"\\$`'.includes(line[at]!) ? "\\" : "";
      word = (word ?? "") + kept + line[at];
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word = (word ?? "") + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote !== "") throw new MillraceError("argument", `--command has an open ${quote} quote: ${line}`);
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw new MillraceError("argument", "--command names no program");
  return words;
}

/** A value as a word of a command line: permutations as `0,1,2`. */
export function wordOf(value: Value): string {
  return typeof value === "object" ? value.join(",") : String(value);
}

/** Refuses placeholders that no parameter has. @throws {MillraceError} `argument` with the nearest name. */
export function checkPlaceholders(text: string, names: readonly string[]): void {
  for (const [, name] of text.replaceAll("{{", "").matchAll(/\{(\w+)\}/g)) {
    if (names.includes(name!)) continue;
    const meant = nearest(name!, names);
    throw new MillraceError("argument", `--command asks for {${name}}, but there is no such parameter`, {
      help: `${meant === undefined ? `parameters: ${names.join(", ")}` : `did you mean {${meant}}?`} (a brace itself is {{)`,
    });
  }
}

/** Puts values in place of `{name}`, each passed through `quote`; `{{` becomes a brace. */
export function fillPlaceholders(text: string, config: Config, quote: (word: string) => string = String): string {
  return text.replaceAll(/\{\{|\{(\w+)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return "{";
    return Object.hasOwn(config, name) ? quote(wordOf(config[name]!)) : whole;
  });
}

/** A word as a POSIX shell takes it literally. */
export function shellQuoted(word: string): string {
  return /^[\w.,:/=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
