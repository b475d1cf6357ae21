/** The tokens of Python as PyTorch prints it, and the literals in its calls. */
import { Lexer, type TokenStream } from "@millrace/ir-text";
import type { Attribute } from "../../graph/model-graph.ts";
import { dtypeOfName } from "./torch-dtype.ts";

/** Splits printed graphs into tokens; dotted names are one token, line breaks are tokens. */
export const pythonLexer: Lexer = new Lexer({
  punctuation: [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "=",
    ":",
    ";",
    "%",
    "->",
    "-",
    "+",
    "*",
    "/",
    "//",
    "@",
    "&",
    ".",
    "<",
    ">",
    "!",
  ],
  identifier: /[A-Za-z_][A-Za-z0-9_.]*/,
  lineComments: ["#"],
  quotes: "'\"",
  newlines: true,
});

/** What a bare name means: a value, or `undefined` for any other word. */
export type Names = (name: string) => string | undefined;

/**
 * A literal, a name, or a list: as an argument of a node. `undefined` after a fault was reported.
 *
 * `names` tells which words are values; other words are text (`%name` is always a value).
 */
export function parseLiteral(tokens: TokenStream, names: Names): Attribute | undefined {
  return tokens.nest(() => {
    const first = tokens.peek();
    if (tokens.accept("%")) {
      const name = tokens.expectKind("identifier", "the name of a value");
      return name === undefined ? undefined : { value: name.text };
    }
    if (tokens.accept("[")) return parseItems(tokens, "]", names);
    if (tokens.accept("(")) return parseItems(tokens, ")", names);
    if (tokens.accept("-")) {
      const number = parseLiteral(tokens, names);
      if (typeof number === "number") return -number;
      tokens.unexpected("a number after the minus");
      return undefined;
    }
    if (first.kind === "integer" || first.kind === "float") {
      tokens.take();
      return first.value;
    }
    if (first.kind === "string") {
      tokens.take();
      return first.value;
    }
    if (first.kind !== "identifier") {
      tokens.unexpected("a value");
      return undefined;
    }
    tokens.take();
    return wordOf(tokens, first.text, names);
  });
}

function wordOf(tokens: TokenStream, word: string, names: Names): Attribute | undefined {
  if (word === "True" || word === "False") return word === "True";
  if (word === "None") return null;
  if (word === "inf") return Infinity;
  if (word === "nan") return Number.NaN;
  // device(type='cpu'), torch.Size([3, 4]), slice(None, None, None): only sizes say something about the result.
  if (tokens.accept("(")) {
    const items = parseItems(tokens, ")", names);
    if (word.endsWith("Size")) return Array.isArray(items) ? (items[0] as Attribute) : items;
    return word === "slice" ? ["slice", ...((items as Attribute[] | undefined) ?? [])] : null;
  }
  const value = names(word);
  if (value !== undefined) return { value };
  if (!word.startsWith("torch.")) return word;
  return dtypeOfName(word) ?? null;
}

function parseItems(tokens: TokenStream, close: string, names: Names): Attribute[] | undefined {
  const items: Attribute[] = [];
  while (!tokens.accept(close)) {
    if (tokens.atEnd || tokens.atKind("newline")) {
      tokens.expect(close, "after the items");
      return undefined;
    }
    if (tokens.peek(1).text === "=" && tokens.atKind("identifier")) {
      tokens.take();
      tokens.take();
    }
    const item = parseLiteral(tokens, names);
    if (item === undefined) return undefined;
    items.push(item);
    if (!tokens.at(close) && tokens.expect(",", "between the items") === undefined) return undefined;
  }
  return items;
}

/** Arguments of a call behind its opening parenthesis: those by position, then those by name. */
export interface ParsedArguments {
  readonly positional: readonly Attribute[];
  readonly named: ReadonlyMap<string, Attribute>;
}

/** Reads up to and with the closing parenthesis. */
export function parseArguments(tokens: TokenStream, names: Names): ParsedArguments | undefined {
  const positional: Attribute[] = [];
  const named = new Map<string, Attribute>();
  while (!tokens.accept(")")) {
    const key = tokens.atKind("identifier") && tokens.peek(1).text === "=" ? tokens.take().text : undefined;
    if (key !== undefined) tokens.take();
    const item = parseLiteral(tokens, names);
    if (item === undefined) return undefined;
    if (key === undefined) positional.push(item);
    else named.set(key, item);
    if (!tokens.at(")") && tokens.expect(",", "between the arguments") === undefined) return undefined;
  }
  return { positional, named };
}

/** Arguments by the names of the operator's parameters. */
export function byParameter(parameters: readonly string[], given: ParsedArguments): Map<string, Attribute> | undefined {
  if (given.positional.length > parameters.length) return undefined;
  const result = new Map(
    given.positional.map((item, index): [string, Attribute] => [parameters[index] as string, item]),
  );
  for (const [name, item] of given.named) result.set(name, item);
  return result;
}
