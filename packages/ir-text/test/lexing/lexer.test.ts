import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LexerOptions, renderDiagnostics } from "../../src/index.ts";
import { lex, lexAll } from "../support/texts.ts";

const arithmetic: LexerOptions = {
  punctuation: ["(", ")", ",", "=", "+", "+=", "-", "->", "*", "/", ".", ".."],
  lineComments: ["//", "#"],
  blockComments: [["/*", "*/"]],
};

describe("lexing", () => {
  it("takes the longest mark that fits", () => {
    expect(lexAll("a+=b->c-d", arithmetic).kinds).toEqual([
      "identifier:a",
      "punctuation:+=",
      "identifier:b",
      "punctuation:->",
      "identifier:c",
      "punctuation:-",
      "identifier:d",
    ]);
  });

  it("tells integers from floats and leaves ranges alone", () => {
    expect(lexAll("1 1.5 .5 2e3 1. 1..4 7e-2", arithmetic).kinds).toEqual([
      "integer:1",
      "float:1.5",
      "float:.5",
      "float:2e3",
      "float:1.",
      "integer:1",
      "punctuation:..",
      "integer:4",
      "float:7e-2",
    ]);
  });

  it("gives numbers their values", () => {
    const { tokens } = lex("12 1.25e2 0x1F", { punctuation: [], hexadecimal: true });
    const values = [tokens.take(), tokens.take(), tokens.take()].map((token) => "value" in token && token.value);
    expect(values).toEqual([12, 125, 31]);
  });

  it("refuses a name stuck to a number, unless the language allows it", () => {
    expect(lexAll("2x 1.2.3", arithmetic)).toEqual({
      kinds: ["integer:2x", "float:1.2.3"],
      codes: ["number-malformed", "number-malformed"],
    });
    const { tokens, bag } = lex("2x", arithmetic);
    tokens.take();
    expect(renderDiagnostics(bag.diagnostics)).toBe(
      [
        "t:1:1: error: '2x' is neither a number nor a name",
        "  1 | 2x",
        "    | ^^",
        "  help: separate '2' from 'x'",
      ].join("\n"),
    );
    expect(lexAll("48x128xf32", { punctuation: [], identifier: /x|f32/, adjacentNames: true })).toEqual({
      kinds: ["integer:48", "identifier:x", "integer:128", "identifier:x", "identifier:f32"],
      codes: [],
    });
  });

  it("skips comments of both kinds, and a byte order mark", () => {
    const { kinds, codes } = lexAll("\ufeffa // b\n# c\n/* d\n e */ f /**/ g // end", arithmetic);
    expect(kinds).toEqual(["identifier:a", "identifier:f", "identifier:g"]);
    expect(codes).toEqual([]);
  });

  it("points at the opening of a comment without an end", () => {
    const { tokens, bag } = lex("a /* b", arithmetic);
    tokens.take();
    expect(tokens.atEnd).toBe(true);
    expect(renderDiagnostics(bag.diagnostics)).toBe(
      ["t:1:3: error: this comment has no closing '*/'", "  1 | a /* b", "    |   ^^"].join("\n"),
    );
  });

  it("keeps line breaks where they mean something", () => {
    expect(lexAll("a\r\nb\n\nc\r", { punctuation: [], newlines: true }).kinds).toEqual([
      "identifier:a",
      "newline:\r\n",
      "identifier:b",
      "newline:\n",
      "newline:\n",
      "identifier:c",
      "newline:\r",
    ]);
  });

  it("takes names as the language writes them", () => {
    const mlir: LexerOptions = { punctuation: ["=", "(", ")"], identifier: /[%@#!^]?[A-Za-z_$][\w$.-]*|[%#]\d+/ };
    expect(lexAll("%0 = step.load(%arg-1)", mlir).kinds).toEqual([
      "identifier:%0",
      "punctuation:=",
      "identifier:step.load",
      "punctuation:(",
      "identifier:%arg-1",
      "punctuation:)",
    ]);
  });

  it("reports an unknown character once for each run, and goes on with the mark that was meant", () => {
    const { tokens, bag } = lex("a ??? b ÷ c \u0000", arithmetic);
    const texts = Array.from({ length: 5 }, () => tokens.take().text);
    expect(texts).toEqual(["a", "b", "/", "c", ""]);
    expect(renderDiagnostics(bag.diagnostics).split("\n")).toEqual([
      "t:1:3: error: unexpected character '?'",
      "  1 | a ??? b ÷ c ␀",
      "    |   ^^^",
      "t:1:9: error: unexpected character '÷' (U+00F7)",
      "  1 | a ??? b ÷ c ␀",
      "    |         ^",
      "  help: write '/'",
      "t:1:13: error: unexpected character U+0000",
      "  1 | a ??? b ÷ c ␀",
      "    |             ^",
    ]);
  });
});

describe("any text", () => {
  const unit = fc.constantFrom(
    "a",
    "1",
    ".",
    "e",
    "-",
    '"',
    "\\",
    "\n",
    "\r",
    "/",
    "*",
    "#",
    "(",
    "😀",
    "\ud800",
    "u{",
    "\0",
    " ",
  );

  it("is cut into tokens in order that lie apart and match their spans", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit }), fc.string({ unit: "binary" })), fc.boolean(), (text, newlines) => {
        const { tokens } = lex(text, { ...arithmetic, newlines });
        let end = 0;
        for (let count = 0; !tokens.atEnd; count++) {
          const token = tokens.take();
          expect(count).toBeLessThan(text.length);
          expect(token.span.start).toBeGreaterThanOrEqual(end);
          expect(token.span.end).toBeGreaterThan(token.span.start);
          expect(token.text).toBe(text.slice(token.span.start, token.span.end));
          end = token.span.end;
        }
        expect(tokens.take().span.start).toBe(text.length);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });
});
