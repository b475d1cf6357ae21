import type { DiagnosticBag } from "../diagnostic/diagnostic-bag.ts";
import { nearest } from "../nearest.ts";
import type { Span } from "../source.ts";
import { describeToken, type SyntaxCode, type Token, type TokenKind, type TokenOf } from "./token.ts";

const deepestNesting = 256;
const closers: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
const closing: ReadonlySet<string> = new Set(closers.values());

/**
 * Tokens with look-ahead, expectations and recovery, for parsers by recursive descent.
 *
 * The `expect` methods report a fault and return `undefined` where the text disagrees; a parser hands the `undefined` up
 * to the level that can {@link recover}. Of several faults at one token only the first is reported.
 */
export class TokenStream {
  readonly #next: () => Token;
  readonly #bag: DiagnosticBag;
  /** Tokens scanned and not yet taken. */
  readonly #ahead: Token[] = [];
  #last: Token | undefined;
  /** Where the last syntax fault was reported, so that none is reported there twice. */
  #faultAt = -1;
  #depth = 0;

  /** `next` gives one token after another and `end` for ever at the end. */
  constructor({ next, bag }: { readonly next: () => Token; readonly bag: DiagnosticBag }) {
    this.#next = next;
    this.#bag = bag;
  }

  /** The token that {@link take} would return after `distance` others, without taking it. */
  peek(distance = 0): Token {
    while (this.#ahead.length <= distance) this.#ahead.push(this.#next());
    return this.#ahead[distance] as Token;
  }

  /** Takes one token; at the end of the text, `end` any number of times. */
  take(): Token {
    const token = this.peek();
    this.#ahead.shift();
    this.#last = token;
    return token;
  }

  /** Whether all tokens are taken. */
  get atEnd(): boolean {
    return this.peek().kind === "end";
  }

  /** Whether the next token is this mark or this word (a string never is). */
  at(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.kind === "punctuation" || token.kind === "identifier");
  }

  /** Whether the next token is of this kind. */
  atKind(kind: TokenKind): boolean {
    return this.peek().kind === kind;
  }

  /** Takes this mark or word if it is next. */
  accept(text: string): Token | undefined {
    return this.at(text) ? this.take() : undefined;
  }

  /** Takes this mark or word, or reports `syntax`: "expected ')' to close the call, found ';'". `purpose` is "to close the call". */
  expect(text: string, purpose?: string): Token | undefined {
    if (this.at(text)) return this.take();
    this.unexpected(purpose === undefined ? `'${text}'` : `'${text}' ${purpose}`);
    return undefined;
  }

  /** Takes a token of this kind, or reports `syntax`; `what` names it for the message: "a tensor name". */
  expectKind<K extends TokenKind>(kind: K, what: string): TokenOf<K> | undefined;
  expectKind(kind: TokenKind, what: string): Token | undefined {
    if (this.atKind(kind)) return this.take();
    this.unexpected(what);
    return undefined;
  }

  /** Takes an integer, or reports `syntax`, or `number-out-of-range` if it does not fit into 53 bits. */
  expectInteger(what: string): { readonly value: number; readonly span: Span } | undefined {
    const token = this.peek();
    if (token.kind !== "integer") {
      this.unexpected(what);
      return undefined;
    }
    this.take();
    if (!Number.isSafeInteger(token.value)) {
      const message = `${what} must be at most ${Number.MAX_SAFE_INTEGER}`;
      this.#bag.report({ severity: "error", code: "number-out-of-range", message, span: token.span });
      return undefined;
    }
    return { value: token.value, span: token.span };
  }

  /** Takes one of these words, or reports `syntax` with the word that was most likely meant. */
  expectWord<W extends string>(words: readonly W[], what: string): W | undefined {
    const token = this.peek();
    const word = words.find((candidate) => token.kind === "identifier" && candidate === token.text);
    if (word !== undefined) {
      this.take();
      return word;
    }
    const close = token.kind === "identifier" ? nearest(token.text, words) : undefined;
    this.unexpected(what, close === undefined ? undefined : `did you mean '${close}'?`);
    return undefined;
  }

  /** Reports `syntax` at the next token: "expected WHAT, found TOKEN". */
  unexpected(what: string, help?: string): void {
    const token = this.peek();
    this.#fault("syntax", `expected ${what}, found ${describeToken(token)}`, help);
  }

  /**
   * Runs a parser one level deeper; past 256 levels it reports `nesting-too-deep` instead, so that no text overflows
   * the stack. Every recursive rule of a grammar goes through here.
   */
  nest<T>(parse: () => T): T | undefined {
    if (this.#depth >= deepestNesting) {
      this.#fault("nesting-too-deep", `nested more than ${deepestNesting} levels deep`);
      return undefined;
    }
    this.#depth++;
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  /**
   * Skips to the next of these marks or words (`"newline"`: to the next line break) outside any brackets opened on the
   * way, and leaves it to be taken. Stops before a bracket that closes more than was opened, and at the end of the text.
   */
  recover(...until: readonly string[]): void {
    const open: string[] = [];
    for (;;) {
      const token = this.peek();
      if (token.kind === "end") return;
      const mark = token.kind === "newline" ? "newline" : token.text;
      const stops = token.kind !== "string" && until.includes(mark);
      if (open.length === 0 && (stops || (token.kind === "punctuation" && closing.has(mark)))) return;
      // A line break that ends a statement also ends brackets left open in it.
      if (stops && token.kind === "newline") return;
      const closer = token.kind === "punctuation" ? closers.get(mark) : undefined;
      if (closer !== undefined) open.push(closer);
      else if (open.at(-1) === mark) open.pop();
      this.take();
    }
  }

  /** From the start of `first` to the end of the token taken last. */
  spanFrom(first: { readonly span: Span }): Span {
    const end = Math.max(first.span.end, this.#last?.span.end ?? 0);
    return { source: first.span.source, start: first.span.start, end };
  }

  #fault(code: SyntaxCode, message: string, help?: string): void {
    const { span } = this.peek();
    if (span.start === this.#faultAt) return;
    this.#faultAt = span.start;
    this.#bag.report({ severity: "error", code, message, span, ...(help === undefined ? {} : { help }) });
  }
}
