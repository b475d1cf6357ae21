import { describe, expect, it } from "vitest";
import { type Diagnostic, renderDiagnostics, type Source, type Span } from "../../src/index.ts";
import { sourceOf, spanOf } from "../support/texts.ts";

function fault(span?: Span): Diagnostic {
  return { severity: "error", code: "test", message: "wrong", ...(span === undefined ? {} : { span }) };
}

function rendered(source: Source, start: number, end: number): string[] {
  return renderDiagnostics([fault({ source, start, end })]).split("\n");
}

describe("a rendered diagnostic", () => {
  it("shows the line, carets below the place, notes with their own places, and help", () => {
    const source: Source = {
      name: "model.step",
      text: "// tiles\n%x = input [64, 128]\n\n  %t = step.streamify %x tile [48, 128]\n",
    };
    const diagnostic: Diagnostic = {
      severity: "error",
      code: "tile-extent",
      message: "tile extent 48 does not divide 128",
      span: spanOf(source, "48"),
      notes: [
        { message: "128 is the extent of dimension 1, declared", span: spanOf(source, "128") },
        { message: "tiles are never padded" },
      ],
      help: "32 and 64 divide it",
    };
    expect(renderDiagnostics([diagnostic])).toBe(
      [
        "model.step:4:32: error: tile extent 48 does not divide 128",
        "  4 |   %t = step.streamify %x tile [48, 128]",
        "    |                                ^^",
        "  note: 128 is the extent of dimension 1, declared at model.step:2:17",
        "    2 | %x = input [64, 128]",
        "      |                 ^^^",
        "  note: tiles are never padded",
        "  help: 32 and 64 divide it",
      ].join("\n"),
    );
  });

  it("needs no place", () => {
    expect(renderDiagnostics([fault()])).toBe("error: wrong");
  });

  it("says warning for a warning", () => {
    expect(renderDiagnostics([{ ...fault(), severity: "warning" }])).toBe("warning: wrong");
  });

  it("shows a tab as four spaces and counts it as one column", () => {
    expect(rendered(sourceOf("\tx\t+ y"), 1, 4)).toEqual([
      "t:1:2: error: wrong",
      "  1 |     x    + y",
      "    |     ^^^^^^",
    ]);
  });

  it("leaves the carriage return of a line break out", () => {
    expect(rendered(sourceOf("ab\r\ncd\r\n"), 1, 2)).toEqual(["t:1:2: error: wrong", "  1 | ab", "    |  ^"]);
    expect(rendered(sourceOf("ab\r\ncd\r\n"), 2, 4)).toEqual(["t:1:3: error: wrong", "  1 | ab", "    |   ^"]);
  });

  it("puts one caret behind the last character for the end of the text", () => {
    expect(rendered(sourceOf("a ="), 3, 3)).toEqual(["t:1:4: error: wrong", "  1 | a =", "    |    ^"]);
  });

  it("shows the empty line at the end of a text that ends in a line break", () => {
    expect(rendered(sourceOf("a =\n"), 4, 4)).toEqual(["t:2:1: error: wrong", "  2 |", "    | ^"]);
  });

  it("renders an empty text", () => {
    expect(rendered(sourceOf(""), 0, 0)).toEqual(["t:1:1: error: wrong", "  1 |", "    | ^"]);
  });

  it("gives wide characters two cells and combining marks none", () => {
    expect(rendered(sourceOf("日本 x"), 1, 2)).toEqual(["t:1:2: error: wrong", "  1 | 日本 x", "    |   ^^"]);
    expect(rendered(sourceOf("日本 x"), 3, 4)).toEqual(["t:1:4: error: wrong", "  1 | 日本 x", "    |      ^"]);
    expect(rendered(sourceOf("e\u0301x"), 2, 3)).toEqual(["t:1:3: error: wrong", "  1 | e\u0301x", "    |  ^"]);
    expect(rendered(sourceOf("😀😀x"), 4, 5)).toEqual(["t:1:5: error: wrong", "  1 | 😀😀x", "    |     ^"]);
  });

  it("marks both lines of a span over two lines", () => {
    expect(rendered(sourceOf("a (b\n   c) d"), 2, 10)).toEqual([
      "t:1:3: error: wrong",
      "  1 | a (b",
      "    |   ^^",
      "  2 |    c) d",
      "    |    ^^",
    ]);
  });

  it("leaves the middle of a longer span out and lines the numbers up", () => {
    const text = `${"\n".repeat(8)}a (\nb\nc\n) d`;
    expect(rendered(sourceOf(text), 10, text.length - 2)).toEqual([
      "t:9:3: error: wrong",
      "   9 | a (",
      "     |   ^",
      "     …",
      "  12 | ) d",
      "     | ^",
    ]);
  });

  it("ends a span that covers a line break on the line of the break", () => {
    expect(rendered(sourceOf("ab\ncd"), 1, 3)).toEqual(["t:1:2: error: wrong", "  1 | ab", "    |  ^"]);
  });

  it("numbers the lines of an excerpt as its file does", () => {
    const source: Source = { name: "big.mtx", text: "0 1 2.5", firstLine: 1_000_001 };
    expect(rendered(source, 0, 1)).toEqual(["big.mtx:1000001:1: error: wrong", "  1000001 | 0 1 2.5", "          | ^"]);
  });

  it("shows no control character of the text, the name or the message", () => {
    const source: Source = { name: "a\u001b[2Jb", text: "x\u001b[31m\u0007\u202e\u0085y" };
    const text = renderDiagnostics([{ ...fault({ source, start: 0, end: 1 }), message: "bad\u001b[0m" }]);
    expect(text.split("\n")).toEqual(["a␛[2Jb:1:1: error: bad␛[0m", "  1 | x␛[31m␇��y", "    | ^"]);
  });

  it("indents the further lines of a message", () => {
    expect(renderDiagnostics([{ ...fault(), message: "first\nx.step:1:1: error: forged" }])).toBe(
      "error: first\n    x.step:1:1: error: forged",
    );
  });

  it("colours only when asked", () => {
    const diagnostic = fault({ source: sourceOf("ab"), start: 1, end: 2 });
    const colored = renderDiagnostics([diagnostic], { color: true });
    expect(colored).toContain("\u001b[1;31merror:\u001b[0m wrong");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is removed here
    expect(colored.replaceAll(/\u001b\[[0-9;]*m/g, "")).toBe(renderDiagnostics([diagnostic]));
  });
});

describe("many diagnostics", () => {
  it("are rendered up to the maximum and then counted", () => {
    const warning: Diagnostic = { ...fault(), severity: "warning" };
    expect(renderDiagnostics([fault(), fault(), fault(), warning, warning], { maximum: 2 })).toBe(
      "error: wrong\nerror: wrong\nand 1 error and 2 warnings more",
    );
    expect(renderDiagnostics([fault(), fault()], { maximum: 2 })).toBe("error: wrong\nerror: wrong");
  });

  it("stop at 20 unless told otherwise", () => {
    const lines = renderDiagnostics(Array.from({ length: 100_000 }, () => fault())).split("\n");
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("and 99980 errors more");
  });

  it("come to nothing if there are none", () => {
    expect(renderDiagnostics([])).toBe("");
  });
});
