const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", '"': '\\"' };

/**
 * `text` in double quotes such that a lexer with standard escapes reads the same text back; control characters escaped.
 *
 * @example
 * ```ts
 * quoteString('say "hi"'); // => '"say \\"hi\\""'
 * ```
 */
export function quoteString(text: string): string {
  const escaped = text.replaceAll(/[\p{Cc}\\"\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return escapes[character] ?? `\\u{${code.toString(16)}}`;
  });
  return `"${escaped}"`;
}
