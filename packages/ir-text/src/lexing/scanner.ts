import type { DiagnosticBag } from "../diagnostic/diagnostic-bag.ts";
import type { Source, Span } from "../source.ts";
import { clip } from "./clip.ts";
import type { LexicalRules } from "./lexer.ts";
import { lookalikes } from "./lexer-options.ts";
import { scanString } from "./scan-string.ts";
import type { SyntaxCode, Token } from "./token.ts";

/** What glues to a number by mistake: a word, or a second fraction. Points alone are a mark of their own: `1..4`. */
const wordRest = /\.?[A-Za-z0-9_$][A-Za-z0-9_.$]*/y;

/** Walks over a text and cuts it into tokens; every fault is reported, and none ends the walk. */
export class Scanner {
  readonly #rules: LexicalRules;
  readonly #source: Source;
  readonly #text: string;
  readonly #bag: DiagnosticBag;
  #offset = 0;

  constructor({ rules, source, bag }: { rules: LexicalRules; source: Source; bag: DiagnosticBag }) {
    this.#rules = rules;
    this.#source = source;
    this.#text = source.text;
    this.#bag = bag;
    // A byte order mark is no part of the language.
    if (this.#text.charCodeAt(0) === 0xfeff) this.#offset = 1;
  }

  /** The next token; at the end of the text, `end` any number of times. */
  next(): Token {
    for (;;) {
      const newline = this.#skipBlank();
      if (newline !== undefined) return newline;
      const start = this.#offset;
      if (start >= this.#text.length) return { kind: "end", text: "", span: this.#span(start, start) };
      const known = this.#number(start) ?? this.#word(start) ?? this.#string(start) ?? this.#mark(start);
      const token = known ?? this.#unknown(start);
      if (token !== undefined) return token;
    }
  }

  /** Skips white space and comments; returns a line break if those are tokens and one is reached. */
  #skipBlank(): Token | undefined {
    const text = this.#text;
    while (this.#offset < text.length) {
      const start = this.#offset;
      const character = text.charAt(start);
      if (character === "\n" || character === "\r") {
        this.#offset += character === "\r" && text.charAt(start + 1) === "\n" ? 2 : 1;
        if (this.#rules.newlines) return this.#plain("newline", start);
      } else if (character === " " || character === "\t" || character === "\f" || character === "\u00a0") {
        this.#offset++;
      } else if (!this.#skipComment(start)) {
        return undefined;
      }
    }
    return undefined;
  }

  #skipComment(start: number): boolean {
    const text = this.#text;
    for (const open of this.#rules.lineComments) {
      if (!text.startsWith(open, start)) continue;
      let end = start + open.length;
      while (end < text.length && text.charAt(end) !== "\n" && text.charAt(end) !== "\r") end++;
      this.#offset = end;
      return true;
    }
    for (const [open, close] of this.#rules.blockComments) {
      if (!text.startsWith(open, start)) continue;
      const end = text.indexOf(close, start + open.length);
      this.#offset = end < 0 ? text.length : end + close.length;
      if (end < 0) {
        const span = this.#span(start, start + open.length);
        this.#report("comment-unterminated", `this comment has no closing '${close}'`, span);
      }
      return true;
    }
    return false;
  }

  #number(start: number): Token | undefined {
    const float = this.#match(this.#rules.float, start);
    const text = float ?? this.#match(this.#rules.integer, start);
    if (text === undefined) return undefined;
    this.#offset = start + text.length;
    if (!this.#rules.adjacentNames) {
      const rest = this.#match(wordRest, this.#offset);
      if (rest !== undefined) {
        this.#offset += rest.length;
        const span = this.#span(start, this.#offset);
        const help = rest.startsWith(".") ? undefined : `separate '${clip(text)}' from '${clip(rest)}'`;
        this.#report("number-malformed", `'${clip(text + rest)}' is neither a number nor a name`, span, help);
      }
    }
    const span = this.#span(start, this.#offset);
    return { kind: float === undefined ? "integer" : "float", text: this.#slice(start), span, value: Number(text) };
  }

  #word(start: number): Token | undefined {
    const text = this.#match(this.#rules.identifier, start);
    if (text === undefined) return undefined;
    this.#offset = start + text.length;
    return this.#plain("identifier", start);
  }

  #string(start: number): Token | undefined {
    const quote = this.#text.charAt(start);
    if (!this.#rules.quotes.includes(quote)) return undefined;
    const { value, end, closed, unknownEscapes } = scanString(this.#text, start, this.#rules);
    this.#offset = end;
    for (const [from, to] of unknownEscapes) {
      const span = this.#span(from, to);
      this.#report(
        "escape-unknown",
        `'${this.#text.slice(from, to)}' is no escape`,
        span,
        "write '\\\\' for a backslash",
      );
    }
    const span = this.#span(start, end);
    if (!closed) {
      const where = this.#rules.multilineStrings ? "" : " on its line";
      this.#report("string-unterminated", `this string has no closing ${quote}${where}`, this.#span(start, start + 1));
    }
    return { kind: "string", text: this.#slice(start), span, value };
  }

  #mark(start: number): Token | undefined {
    const marks = this.#rules.punctuation.get(this.#text.charAt(start));
    const mark = marks?.find((candidate) => this.#text.startsWith(candidate, start));
    if (mark === undefined) return undefined;
    this.#offset = start + mark.length;
    return this.#plain("punctuation", start);
  }

  /**
   * Reports a run of the same unknown character at once, so that a broken file is not one fault for each byte. A lone
   * lookalike of a mark stands in for the mark: the parser goes on as if it had been typed.
   */
  #unknown(start: number): Token | undefined {
    const text = this.#text;
    const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
    let end = start + character.length;
    while (text.startsWith(character, end)) end += character.length;
    this.#offset = end;
    const span = this.#span(start, end);
    const meant = lookalikes.get(character);
    const mark = meant !== undefined && this.#rules.punctuation.get(meant.charAt(0))?.includes(meant);
    const known = mark || (meant !== undefined && this.#rules.quotes.includes(meant));
    const help = known ? `write '${meant}'` : undefined;
    this.#report("character-unexpected", `unexpected character ${nameOf(character)}`, span, help);
    return mark && end === start + character.length ? { kind: "punctuation", text: meant, span } : undefined;
  }

  #match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    const matched = pattern.exec(this.#text)?.[0];
    return matched === "" ? undefined : matched;
  }

  #plain(kind: "identifier" | "punctuation" | "newline", start: number): Token {
    return { kind, text: this.#slice(start), span: this.#span(start, this.#offset) };
  }

  #slice(start: number): string {
    return this.#text.slice(start, this.#offset);
  }

  #span(start: number, end: number): Span {
    return { source: this.#source, start, end };
  }

  #report(code: SyntaxCode, message: string, span: Span, help?: string): void {
    this.#bag.report({ severity: "error", code, message, span, ...(help === undefined ? {} : { help }) });
  }
}

/** A character in quotes, or by its code point if it cannot be seen. */
function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const point = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  if (/^[\p{C}\p{Z}\p{M}]$/u.test(character)) return point;
  return code < 0x7f ? `'${character}'` : `'${character}' (${point})`;
}
