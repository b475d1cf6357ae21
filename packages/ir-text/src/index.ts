export type { Diagnostic, DiagnosticNote, Severity } from "./diagnostic/diagnostic.ts";
export { DiagnosticBag } from "./diagnostic/diagnostic-bag.ts";
export {
  type DiagnosticJson,
  type DiagnosticNoteJson,
  diagnosticsToJson,
  type LocationJson,
} from "./diagnostic/diagnostics-to-json.ts";
export { locationOf, type RenderOptions, renderDiagnostics } from "./diagnostic/render-diagnostics.ts";
export { DiagnosticError } from "./errors.ts";
export { Lexer } from "./lexing/lexer.ts";
export type { LexerOptions } from "./lexing/lexer-options.ts";
export {
  describeToken,
  type NumberToken,
  type PlainToken,
  type StringToken,
  type SyntaxCode,
  type Token,
  type TokenKind,
  type TokenOf,
} from "./lexing/token.ts";
export { TokenStream } from "./lexing/token-stream.ts";
export { LineMap, lineMapOf, type Position } from "./line-map.ts";
export { nearest } from "./nearest.ts";
export { IndentedPrinter } from "./printing/indented-printer.ts";
export { quoteString } from "./printing/quote-string.ts";
export { type SearchSpace, type SpaceParameter, strayChoice } from "./scenario/search-space.ts";
export { joinSpans, type Source, type Span } from "./source.ts";
