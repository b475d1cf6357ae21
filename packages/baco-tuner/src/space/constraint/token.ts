/** The words of a constraint, each with its place. */

/** What a word is. */
export type TokenKind = "number" | "name" | "operator" | "end";

/** One word: `start` to `end` in the expression, end exclusive. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A fault in an expression, thrown inside this folder and turned into a fault of the space. */
export class ConstraintFault extends Error {
  readonly start: number;
  readonly end: number;
  readonly help: string | undefined;

  constructor(message: string, place: { readonly start: number; readonly end: number }, help?: string) {
    super(message);
    this.start = place.start;
    this.end = place.end;
    this.help = help;
  }
}

/** The longest expression that is read. */
const longestExpression = 65536;

/** The most words of an expression; bounds the depth of what follows. */
const mostWords = 4000;

const word =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_][\w.]*)|(?<operator>\*\*|==|!=|<=|>=|&&|\|\||\/\/|[-+*/%<>&|~!()]))/y;

/** Splits an expression into words. @throws {ConstraintFault} at the first character that belongs to none. */
export function tokenize(text: string): Token[] {
  if (text.length > longestExpression) {
    const place = { start: 0, end: 1 };
    throw new ConstraintFault(`the constraint has ${text.length} characters, more than ${longestExpression}`, place);
  }
  const tokens: Token[] = [];
  word.lastIndex = 0;
  let at = 0;
  for (let match = word.exec(text); match !== null; match = word.exec(text)) {
    const { number, name, operator } = match.groups!;
    const kind = number !== undefined ? "number" : name !== undefined ? "name" : "operator";
    const found = number ?? name ?? operator!;
    at = word.lastIndex;
    const token: Token = { kind, text: found, start: at - found.length, end: at };
    if (tokens.length === mostWords) {
      throw new ConstraintFault(`the constraint has more than ${mostWords} words`, token, "split it into several");
    }
    tokens.push(token);
  }
  const rest = /\S/.exec(text.slice(at));
  if (rest !== null) {
    const start = at + rest.index;
    throw new ConstraintFault(
      `unexpected character ${JSON.stringify(rest[0])}`,
      { start, end: start + 1 },
      "constraints are made of numbers, parameter names, parentheses and + - * / % ** == != < <= > >= & | ~",
    );
  }
  tokens.push({ kind: "end", text: "the end", start: text.length, end: text.length });
  return tokens;
}
