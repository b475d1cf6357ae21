/** The shape of a language's tokens. */
export interface LexerOptions {
  /** All marks, such as `["(", ")", "->"]`; the longest that fits is taken. */
  readonly punctuation: readonly string[];
  /** A name from its first character on; letters, digits and `_` unless given. Its flags but `i` are ignored. */
  readonly identifier?: RegExp;
  /** What opens a comment that ends with its line. */
  readonly lineComments?: readonly string[];
  /** What opens and closes a comment of any length; comments do not nest. */
  readonly blockComments?: readonly (readonly [open: string, close: string])[];
  /** Characters that may quote a string; `"` unless given. */
  readonly quotes?: string;
  /** Whether a string may hold line breaks; false unless given: then a missing quote spoils one line, not the rest. */
  readonly multilineStrings?: boolean;
  /**
   * `standard`: \n \t \r \0 \\ \" \' \xHH \u{H…} and MLIR's \HH. `quote-only`: a backslash and what follows mean
   * themselves unless a quote follows, as in Graphviz. `standard` unless given.
   */
  readonly escapes?: "standard" | "quote-only";
  /** Whether `0x1f` is an integer; false unless given. */
  readonly hexadecimal?: boolean;
  /** Whether a name may follow a number at once, as in `48x128xf32`; false unless given: then `2x` is malformed. */
  readonly adjacentNames?: boolean;
  /** Whether line breaks are tokens; false unless given: then they are white space. */
  readonly newlines?: boolean;
}

/** What a user may have typed or pasted for an ASCII mark. */
export const lookalikes: ReadonlyMap<string, string> = new Map([
  ["−", "-"],
  ["–", "-"],
  ["—", "-"],
  ["×", "*"],
  ["·", "*"],
  ["⋅", "*"],
  ["∗", "*"],
  ["÷", "/"],
  ["→", "->"],
  ["“", '"'],
  ["”", '"'],
  ["‘", "'"],
  ["’", "'"],
  ["（", "("],
  ["）", ")"],
  ["，", ","],
  ["；", ";"],
]);
