import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderDiagnostics } from "../../src/index.ts";
import { sourceOf } from "../support/texts.ts";

function linesFor(text: string, start: number, end: number): string[] {
  const span = { source: sourceOf(text), start, end };
  return renderDiagnostics([{ severity: "error", code: "test", message: "wrong", span }]).split("\n");
}

describe("a long line", () => {
  const text = `${"a".repeat(500)}XY${"b".repeat(500)}`;

  it("is shown as a window around the place", () => {
    expect(linesFor(text, 500, 502)).toEqual([
      "t:1:501: error: wrong",
      `  1 | …${"a".repeat(30)}XY${"b".repeat(68)}…`,
      `    | ${" ".repeat(31)}^^`,
    ]);
  });

  it("is cut only on the right near its start", () => {
    expect(linesFor(text, 1, 3)).toEqual(["t:1:2: error: wrong", `  1 | ${"a".repeat(100)}…`, "    |  ^^"]);
  });

  it("is cut only on the left near its end", () => {
    expect(linesFor(text, 1000, 1002)).toEqual([
      "t:1:1001: error: wrong",
      `  1 | …${"b".repeat(100)}`,
      `    | ${" ".repeat(99)}^^`,
    ]);
  });

  it("is marked up to its window's edge by a span that goes on", () => {
    expect(linesFor(text, 500, 1002)[2]).toBe(`    | ${" ".repeat(31)}${"^".repeat(71)}`);
  });

  it("costs no more for being a hundred times longer", () => {
    const huge = "ab".repeat(1_000_000);
    expect(linesFor(huge, 1_000_000, 1_000_001).join("\n").length).toBeLessThan(300);
  });
});

describe("any span over any text", () => {
  const units = [
    "a",
    " ",
    "\t",
    "\n",
    "\r",
    "日",
    "😀",
    "\u0301",
    "\u001b",
    "\u202e",
    "\ud800",
    "\udc00",
    "x".repeat(90),
  ];
  const text = fc.string({ unit: fc.constantFrom(...units), maxLength: 40 });
  const offset = fc.oneof(
    fc.integer({ min: -5, max: 400 }),
    fc.constantFrom(Number.NaN, 1.5, Number.POSITIVE_INFINITY),
  );

  it("renders, with lines of bounded length, a caret, and nothing that steers a terminal", () => {
    fc.assert(
      fc.property(text, offset, offset, (sample, start, end) => {
        const lines = linesFor(sample, start, end);
        expect(lines.length).toBeGreaterThanOrEqual(3);
        expect(lines[2]).toMatch(/^ +\| *\^+$/);
        for (const line of lines) {
          expect([...line].length).toBeLessThan(500);
          expect(line).not.toMatch(/[\p{Cc}\u202e\p{Cs}]/u);
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it("puts the first caret below the first character of the span", () => {
    const narrow = fc.string({ unit: fc.constantFrom("a", "b", " ", "x".repeat(60)), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(narrow, fc.nat(), (sample, at) => {
        const start = at % sample.length;
        const [, shown = "", underline = ""] = linesFor(
          `${sample.slice(0, start)}Q${sample.slice(start)}`,
          start,
          start + 1,
        );
        expect(shown.indexOf("Q")).toBe(underline.indexOf("^"));
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
