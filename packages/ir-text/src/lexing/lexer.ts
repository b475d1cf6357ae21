import type { DiagnosticBag } from "../diagnostic/diagnostic-bag.ts";
import type { Source } from "../source.ts";
import type { LexerOptions } from "./lexer-options.ts";
import type { StringRules } from "./scan-string.ts";
import { Scanner } from "./scanner.ts";
import { TokenStream } from "./token-stream.ts";

/**
 * A language's tokens, compiled from its options once and used for any number of texts.
 *
 * @example
 * ```ts
 * const bag = new DiagnosticBag();
 * const tokens = new Lexer({ punctuation: ["="] }).tokens({ name: "a.conf", text: "lanes = 4" }, bag);
 * tokens.expectKind("identifier", "a setting").text; // => "lanes"
 * tokens.expect("=").kind; // => "punctuation"
 * tokens.expectInteger("a size").value; // => 4
 * ```
 */
export class Lexer {
  readonly #rules: LexicalRules;

  constructor(options: LexerOptions) {
    this.#rules = compile(options);
  }

  /** The tokens of a text, scanned as they are asked for; faults go to `bag` and are skipped. */
  tokens(source: Source, bag: DiagnosticBag): TokenStream {
    const scanner = new Scanner({ rules: this.#rules, source, bag });
    return new TokenStream({ next: () => scanner.next(), bag });
  }
}

/** Options with everything the scanner needs worked out; all patterns are sticky. */
export interface LexicalRules extends StringRules {
  readonly identifier: RegExp;
  readonly float: RegExp;
  readonly integer: RegExp;
  readonly quotes: string;
  /** Marks by their first character, longest first. */
  readonly punctuation: ReadonlyMap<string, readonly string[]>;
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [open: string, close: string])[];
  readonly adjacentNames: boolean;
  readonly newlines: boolean;
}

const defaultIdentifier = /[A-Za-z_][A-Za-z0-9_]*/;
/** A point must not be the first of two: `1..4` is a range. */
const float = /(?:[0-9]+\.(?!\.)[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+/y;
const integer = /[0-9]+/y;
const hexadecimalInteger = /0[xX][0-9a-fA-F]+|[0-9]+/y;

function compile(options: LexerOptions): LexicalRules {
  const identifier = options.identifier ?? defaultIdentifier;
  const punctuation = new Map<string, string[]>();
  for (const mark of options.punctuation.toSorted((a, b) => b.length - a.length)) {
    const first = mark.charAt(0);
    const marks = punctuation.get(first);
    if (marks === undefined) punctuation.set(first, [mark]);
    else marks.push(mark);
  }
  return {
    identifier: new RegExp(identifier.source, identifier.flags.includes("i") ? "iy" : "y"),
    float: new RegExp(float),
    integer: new RegExp(options.hexadecimal ? hexadecimalInteger : integer),
    quotes: options.quotes ?? '"',
    escapes: options.escapes ?? "standard",
    multilineStrings: options.multilineStrings ?? false,
    punctuation,
    lineComments: options.lineComments ?? [],
    blockComments: options.blockComments ?? [],
    adjacentNames: options.adjacentNames ?? false,
    newlines: options.newlines ?? false,
  };
}
