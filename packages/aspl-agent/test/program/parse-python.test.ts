import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePython, readProgramText } from "../../src/index.ts";

const faultOf = (text: string): string => {
  const read = parsePython(text, ["E0", "E1"]);
  if (!("fault" in read)) return "none";
  const { message, place } = read.fault;
  return place === undefined ? message : `${place.line}:${place.column}: ${message}`;
};

describe("the paper's syntax", () => {
  it("zips what a Map is given side by side, and lets a name be given anew", () => {
    const text = "def body(E0, E1):\n  E0 = step.Map(fn=f).apply((E0, E1)) # both\n  return E0";
    const read = parsePython(text, ["E0", "E1"]);
    expect("program" in read && read.program.ops).toEqual([
      { op: "Zip", in: ["E0", "E1"], out: ["zipped"] },
      { op: "Map", fn: "f", in: ["zipped"], out: ["E0__2"] },
    ]);
    expect("program" in read && read.program.returns).toEqual(["E0__2"]);
    expect("program" in read && read.program.places).toEqual([
      { line: 2, column: 8 },
      { line: 2, column: 8 },
    ]);
  });

  it.each([
    ["import os", "1:8: expected '=' after the name of a new value, found 'os'"],
    ["while True:\n  pass", "1:7: expected '=' after the name of a new value, found 'True'"],
    ["X = E0.__class__.__bases__", "1:5: expected 'step' to begin a call of an operator, found 'E0'"],
    ["step.Map = E0", "1:5: expected '=' after the name of a new value, found '.'"],
    ["X = open('/etc/passwd')", "1:5: expected 'step' to begin a call of an operator, found 'open'"],
    ["X = step.Zip().apply((E0, E1)).__class__", "1:31: expected the end of the line, found '.'"],
    ["X = step.Mop(fn=f).apply(E0)\nreturn X", "1:5: there is no operator 'Mop'; did you mean 'Map'?"],
    ["X = step.Map(b=1).apply(E0)\nreturn X", "1:16: Map has no setting 'b'; it has fn"],
    ["X = step.Copy().apply(E0)\nreturn X", "1:1: Copy makes 2 values, and 1 names are given"],
    ["X = step.Accum(fn=f).apply(E0)\nreturn X", "1:5: operator 0: Accum needs 'b'"],
    ["X = step.Streamify().apply(E0)", "1:31: the program returns nothing; end it with 'return NAME'"],
    ["return E0\nX = 1", "2:1: expected nothing after 'return', found 'X'"],
  ])("refuses %s", (text, message) => {
    expect(faultOf(text)).toBe(message);
  });

  it.each([
    ["an alias", "X = E0\nreturn X"],
    ["a subscript", "X = step.Map(fn=f).apply(E0[0])\nreturn X"],
    ["a list of streams", "X = step.Merge(fn=f).apply(([E0, E0], E1))\nreturn X"],
    ["a keyword", "X = step.Map(fn=f).apply(input=E0)\nreturn X"],
    ["applyList", "X = step.Map(fn=f).applyList([E0, E0])\nreturn X"],
  ])("has no %s, through which a use could escape being counted", (_, text) => {
    expect(faultOf(text)).not.toBe("none");
  });

  it("reads no text beyond its limit, and no depth beyond it", () => {
    expect(faultOf("x".repeat(10_000_000))).toBe("the text has 10000000 characters; at most 131072 are read");
    expect(faultOf(`X = ${"(".repeat(10_000)}`)).toBe("1:5: expected 'step' to begin a call of an operator, found '('");
    const nested = readProgramText(`{"ops": ${"[".repeat(10_000)}`);
    expect("fault" in nested && nested.fault.message).toContain("the operator list is no JSON");
  });

  it("gives a program or a fault for any text", () => {
    const words = fc.constantFrom(
      ...["step", ".", "Map", "(", ")", "fn", "=", "f", "apply", "E0", "E1", ",", "[", "]", "for", "in", "zip"],
      ...["return", "\n", "\r\n", "L", "1", "Copy", "#", '"', "\\", "\u0435", "\0", "def", ":"],
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.array(words, { maxLength: 40 }).map((all) => all.join(" ")),
    );
    const check = fc.property(texts, (text) => {
      const read = readProgramText(text, ["E0", "E1"]);
      expect("fault" in read ? typeof read.fault.message : Array.isArray(read.program.ops)).toBeTruthy();
    });
    fc.assert(check, { seed: 7, numRuns: 3000 });
  });
});
