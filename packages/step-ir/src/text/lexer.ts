import { Lexer } from "@millrace/ir-text";

/** The tokens of program text. A minus between symbols needs white space around it: `a-b` is one word. */
export const stepLexer: Lexer = new Lexer({
  punctuation: ["%", "=", ",", ":", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "~"],
  identifier: /[A-Za-z_][A-Za-z0-9_.#]*(?:-[A-Za-z][A-Za-z0-9_]*)*/,
  lineComments: ["//"],
  newlines: true,
});
