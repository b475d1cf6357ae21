import { DiagnosticBag, Lexer, type LexerOptions, type Source, type Span, type TokenStream } from "../../src/index.ts";

/** A source named `t`. */
export function sourceOf(text: string): Source {
  return { name: "t", text };
}

/** The span of the first occurrence of `part`. */
export function spanOf(source: Source, part: string): Span {
  const start = source.text.indexOf(part);
  if (start < 0) throw new Error(`'${part}' is not in the text`);
  return { source, start, end: start + part.length };
}

/** Tokens of a text, and the bag their faults go to. */
export function lex(text: string, options: LexerOptions): { tokens: TokenStream; bag: DiagnosticBag } {
  const bag = new DiagnosticBag();
  return { tokens: new Lexer(options).tokens(sourceOf(text), bag), bag };
}

/** All tokens of a text as `kind:text`, without the end. */
export function lexAll(text: string, options: LexerOptions): { kinds: string[]; codes: string[] } {
  const { tokens, bag } = lex(text, options);
  const kinds: string[] = [];
  while (!tokens.atEnd) {
    const token = tokens.take();
    kinds.push(`${token.kind}:${token.text}`);
  }
  return { kinds, codes: bag.diagnostics.map(({ code }) => code) };
}
