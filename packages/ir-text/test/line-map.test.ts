import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinSpans, LineMap, lineMapOf } from "../src/index.ts";
import { sourceOf } from "./support/texts.ts";

/** Line and column by reading the text from its start. */
function positionByCounting(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let column = 1;
  for (let at = 0; at < offset; at++) {
    const breaks = text[at] === "\n" || (text[at] === "\r" && text[at + 1] !== "\n");
    line += breaks ? 1 : 0;
    column = breaks ? 1 : column + 1;
  }
  return { line, column };
}

describe("line map", () => {
  it("ends lines at LF, CR LF and a lone CR", () => {
    const map = new LineMap(sourceOf("a\nbc\r\nd\re"));
    expect(map.count).toBe(4);
    expect([0, 1, 2, 3].map((index) => [map.startOf(index), map.endOf(index)])).toEqual([
      [0, 1],
      [2, 4],
      [6, 7],
      [8, 9],
    ]);
  });

  it("gives a text that ends in a line break an empty last line", () => {
    const map = new LineMap(sourceOf("a\n"));
    expect(map.count).toBe(2);
    expect(map.positionAt(2)).toEqual({ line: 2, column: 1 });
  });

  it("takes an offset outside the text for its nearest end", () => {
    const map = new LineMap(sourceOf("ab\nc"));
    expect(map.positionAt(-7)).toEqual({ line: 1, column: 1 });
    expect(map.positionAt(99)).toEqual({ line: 2, column: 2 });
    expect(map.positionAt(Number.NaN)).toEqual({ line: 1, column: 1 });
  });

  it("counts lines from where an excerpt begins", () => {
    expect(new LineMap({ name: "t", text: "a\nb", firstLine: 1000 }).positionAt(2)).toEqual({ line: 1001, column: 1 });
  });

  it("agrees with counting for every offset of any text", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\t", "日", "😀") });
    fc.assert(
      fc.property(text, (sample) => {
        const map = lineMapOf(sourceOf(sample));
        for (let offset = 0; offset <= sample.length; offset++) {
          expect(map.positionAt(offset)).toEqual(positionByCounting(sample, offset));
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("is made once for each source", () => {
    const source = sourceOf("a");
    expect(lineMapOf(source)).toBe(lineMapOf(source));
  });
});

describe("joined spans", () => {
  it("cover both, whichever comes first", () => {
    const source = sourceOf("abcdef");
    const joined = joinSpans({ source, start: 4, end: 5 }, { source, start: 1, end: 2 });
    expect([joined.start, joined.end]).toEqual([1, 5]);
  });
});
