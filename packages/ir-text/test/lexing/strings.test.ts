import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LexerOptions, quoteString, renderDiagnostics } from "../../src/index.ts";
import { lex } from "../support/texts.ts";

function readString(
  text: string,
  options: Partial<LexerOptions> = {},
): { value: unknown; rest: string; errors: string } {
  const { tokens, bag } = lex(text, { punctuation: [], ...options });
  const token = tokens.take();
  const value = token.kind === "string" ? token.value : undefined;
  const rest = tokens.take().text;
  return { value, rest, errors: renderDiagnostics(bag.diagnostics) };
}

describe("a string", () => {
  it("has its escapes resolved", () => {
    const { value, errors } = readString('"a\\n\\t\\r\\\\\\"\\\'\\0\\x41\\u{1F600}\\C3"');
    expect(errors).toBe("");
    expect(value).toBe("a\n\t\r\\\"'\0A\u{1f600}\u00c3");
  });

  it("keeps an escape that means nothing, and says where it is", () => {
    const { value, errors } = readString('"a\\qb"');
    expect(value).toBe("a\\qb");
    expect(errors.split("\n")).toEqual([
      "t:1:3: error: '\\q' is no escape",
      '  1 | "a\\qb"',
      "    |   ^^",
      "  help: write '\\\\' for a backslash",
    ]);
  });

  it("ends with its line if it is not closed, so that the next line is read as usual", () => {
    const { value, rest, errors } = readString('"abc\\\nnext');
    expect(value).toBe("abc\\");
    expect(rest).toBe("next");
    expect(errors).toContain('t:1:1: error: this string has no closing " on its line');
  });

  it("spans lines where the language lets it", () => {
    expect(readString('"a\nb" c', { multilineStrings: true })).toEqual({ value: "a\nb", rest: "c", errors: "" });
    expect(readString('"a\nb', { multilineStrings: true }).errors).toContain(
      't:1:1: error: this string has no closing "',
    );
  });

  it("keeps backslashes as Graphviz does", () => {
    expect(readString('"a\\nb\\l \\"x\\" \\\\" y', { escapes: "quote-only" })).toEqual({
      value: 'a\\nb\\l "x" \\\\',
      rest: "y",
      errors: "",
    });
  });

  it("may be quoted by other characters", () => {
    expect(readString("'it\"s' b", { quotes: "'" }).value).toBe('it"s');
  });

  it("reads back as it was quoted, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(readString(quoteString(text))).toEqual({ value: text, rest: "", errors: "" });
      }),
      { seed: 4, numRuns: 1000 },
    );
  });
});
