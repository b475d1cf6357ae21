import type { Span } from "../source.ts";
import { clip } from "./clip.ts";

/** What every token carries. */
interface TokenBase {
  /** The characters of the token as written (a mark for which a lookalike was typed: as meant); empty for `end`. */
  readonly text: string;
  readonly span: Span;
}

/** A name, a punctuation mark, a line break (if the lexer keeps them) or the end of the text. */
export interface PlainToken extends TokenBase {
  readonly kind: "identifier" | "punctuation" | "newline" | "end";
}

/** A number without a sign; integers above 2^53 - 1 are rounded in `value`, not in `text`. */
export interface NumberToken extends TokenBase {
  readonly kind: "integer" | "float";
  readonly value: number;
}

/** A quoted string; `value` has its escapes resolved. */
export interface StringToken extends TokenBase {
  readonly kind: "string";
  readonly value: string;
}

/** The smallest piece of a text that means something by itself. */
export type Token = PlainToken | NumberToken | StringToken;

/** What a token is, by its form alone. */
export type TokenKind = Token["kind"];

/** The type of the tokens of one kind. */
export type TokenOf<K extends TokenKind> = K extends NumberToken["kind"]
  ? NumberToken
  : K extends StringToken["kind"]
    ? StringToken
    : PlainToken;

/** Codes of the diagnostics that lexers and token streams report themselves. */
export type SyntaxCode =
  | "character-unexpected"
  | "string-unterminated"
  | "escape-unknown"
  | "comment-unterminated"
  | "number-malformed"
  | "number-out-of-range"
  | "syntax"
  | "nesting-too-deep";

/** A token as messages name it. */
export function describeToken(token: Token): string {
  if (token.kind === "end") return "end of input";
  if (token.kind === "newline") return "end of line";
  if (token.kind === "string") return "a string";
  return `'${clip(token.text)}'`;
}
