import { describe, expect, it } from "vitest";
import { IndentedPrinter, quoteString } from "../../src/index.ts";

describe("an indented printer", () => {
  it("indents nested blocks and leaves empty lines empty", () => {
    const printer = new IndentedPrinter();
    printer.block("graph {", "}", () => {
      printer
        .line("a")
        .line()
        .block("sub {", "}", () => printer.line("b\nc"));
    });
    expect(printer.toString()).toBe("graph {\n  a\n\n  sub {\n    b\n    c\n  }\n}\n");
  });

  it("uses the indentation it is given", () => {
    const printer = new IndentedPrinter({ unit: "\t" });
    expect(
      printer
        .indented(() => printer.line("a"))
        .line("b")
        .toString(),
    ).toBe("\ta\nb\n");
  });

  it("comes back to its depth when a body throws", () => {
    const printer = new IndentedPrinter();
    const fail = (): never => {
      throw new Error("body");
    };
    expect(() => printer.indented(fail)).toThrow("body");
    expect(printer.line("a").toString()).toBe("a\n");
  });

  it("prints nothing for nothing", () => {
    expect(new IndentedPrinter().toString()).toBe("");
  });
});

describe("a quoted string", () => {
  it("holds no raw quote, backslash or control character", () => {
    expect(quoteString('a"b\\c\n\u0000\u001b')).toBe('"a\\"b\\\\c\\n\\u{0}\\u{1b}"');
  });
});
