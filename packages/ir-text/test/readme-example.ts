import { DiagnosticBag, Lexer, type Source } from "@millrace/ir-text";

const lexer = new Lexer({ punctuation: ["=", "*", "(", ")", ","], lineComments: ["//"] });

/** Reads `NAME = NUMBER`. */
export function readSetting(source: Source): { name: string; value: number } {
  const bag = new DiagnosticBag();
  const tokens = lexer.tokens(source, bag);
  const name = tokens.expectKind("identifier", "a setting");
  tokens.expect("=", "after the setting");
  const value = tokens.expectInteger("a size");
  bag.throwIfFailed(); // throws a DiagnosticError with every fault, rendered with carets
  return { name: name?.text ?? "", value: value?.value ?? 0 };
}
