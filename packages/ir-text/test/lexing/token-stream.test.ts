import { describe, expect, it } from "vitest";
import { type LexerOptions, renderDiagnostics } from "../../src/index.ts";
import { lex } from "../support/texts.ts";

const options: LexerOptions = { punctuation: ["(", ")", "[", "]", "{", "}", ",", ";", "="] };

function messages(text: string, parse: (tokens: ReturnType<typeof lex>["tokens"]) => void): string[] {
  const { tokens, bag } = lex(text, options);
  parse(tokens);
  return bag.diagnostics.map(
    ({ code, message, help }) => `${code}: ${message}${help === undefined ? "" : ` (${help})`}`,
  );
}

describe("a token stream", () => {
  it("looks ahead without taking", () => {
    const { tokens } = lex("a b c", options);
    expect(tokens.peek(2).text).toBe("c");
    expect(tokens.peek(9).kind).toBe("end");
    expect(tokens.take().text).toBe("a");
    expect(tokens.accept("x")).toBeUndefined();
    expect(tokens.accept("b")?.text).toBe("b");
  });

  it("does not take a string for the word in it", () => {
    const { tokens } = lex('"a"', { punctuation: ['"a"'] });
    expect(tokens.at('"a"')).toBe(false);
  });

  it("reports what was expected and what was found, with carets", () => {
    const { tokens, bag } = lex("f(a; b", options);
    for (let i = 0; i < 3; i++) tokens.take();
    expect(tokens.expect(")", "to close the call")).toBeUndefined();
    expect(renderDiagnostics(bag.diagnostics)).toBe(
      ["t:1:4: error: expected ')' to close the call, found ';'", "  1 | f(a; b", "    |    ^"].join("\n"),
    );
  });

  it("names the end of the text and clips long tokens", () => {
    expect(messages("", (tokens) => tokens.expect("="))).toEqual(["syntax: expected '=', found end of input"]);
    expect(messages("x".repeat(1000), (tokens) => tokens.expect("="))).toEqual([
      `syntax: expected '=', found '${"x".repeat(40)}…'`,
    ]);
  });

  it("reports one fault at a token, not its echoes", () => {
    expect(
      messages("a", (tokens) => {
        tokens.expect("=");
        tokens.expectKind("integer", "a size");
      }),
    ).toHaveLength(1);
  });

  it("suggests the word that was meant", () => {
    const expectFormat = (text: string): string[] =>
      messages(text, (tokens) => tokens.expectWord(["dense", "compressed"], "a level format"));
    expect(expectFormat("dence")).toEqual(["syntax: expected a level format, found 'dence' (did you mean 'dense'?)"]);
    expect(expectFormat("foo")).toEqual(["syntax: expected a level format, found 'foo'"]);
    expect(expectFormat("dense")).toEqual([]);
  });

  it("refuses integers that a number cannot hold exactly", () => {
    const sizes = (text: string): string[] => messages(text, (tokens) => tokens.expectInteger("a size"));
    expect(sizes("9007199254740991")).toEqual([]);
    expect(sizes("9007199254740992")).toEqual(["number-out-of-range: a size must be at most 9007199254740991"]);
    expect(sizes("1.5")).toEqual(["syntax: expected a size, found '1.5'"]);
  });

  it("recovers at the next mark outside the brackets opened on the way", () => {
    const { tokens } = lex("a (b; c) [;] ; d", options);
    tokens.recover(";");
    expect(tokens.take().span.start).toBe(13);
    expect(tokens.take().text).toBe("d");
    tokens.recover(";");
    expect(tokens.atEnd).toBe(true);
  });

  it("does not recover past the bracket that encloses it", () => {
    const { tokens } = lex("a b } ;", options);
    tokens.recover(";");
    expect(tokens.take().text).toBe("}");
  });

  it("recovers at the end of a line even inside brackets", () => {
    const { tokens } = lex("a ( b\nc", { ...options, newlines: true });
    tokens.recover("newline");
    expect(tokens.take().kind).toBe("newline");
  });

  it("stops a recursion that is too deep for the stack", () => {
    const { tokens, bag } = lex("(".repeat(100_000), options);
    const parse = (): unknown => tokens.nest(() => (tokens.accept("(") === undefined ? "leaf" : parse()));
    expect(parse()).toBeUndefined();
    expect(bag.diagnostics.map(({ code, span }) => [code, span?.start])).toEqual([["nesting-too-deep", 256]]);
  });

  it("spans from a first token to the last one taken", () => {
    const { tokens } = lex("x = (a) ;", options);
    const first = tokens.take();
    for (let i = 0; i < 4; i++) tokens.take();
    const { start, end } = tokens.spanFrom(first);
    expect([start, end]).toEqual([0, 7]);
  });
});
