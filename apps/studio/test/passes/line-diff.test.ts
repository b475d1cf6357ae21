import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines, foldSame } from "../../src/passes/line-diff.ts";
import { pairsOf } from "../../src/passes/passes-panel.tsx";

/** The length of a shortest script by dynamic programming: the slow way that cannot go wrong. */
function fewestChanges(old: readonly string[], made: readonly string[]): number {
  let row = Array.from({ length: made.length + 1 }, (_, at) => at);
  for (const [a, line] of old.entries()) {
    const next = [a + 1];
    for (const [b, other] of made.entries()) next.push(line === other ? row[b]! : 1 + Math.min(row[b + 1]!, next[b]!));
    row = next;
  }
  return row.at(-1)!;
}

describe("the difference of two texts", () => {
  it("gives both texts back, in as few changes as there can be", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (old, made) => {
        const diff = diffLines(old.join("\n"), made.join("\n"));
        const of = (kind: string) =>
          diff.filter((line) => line.kind === kind || line.kind === "same").map(({ text }) => text);
        expect([of("old"), of("new")]).toEqual([old, made]);
        expect(diff.filter(({ kind }) => kind !== "same").length).toBe(fewestChanges(old, made));
        for (const { kind, oldLine, newLine, text } of diff)
          expect(kind === "new" ? made[newLine] : old[oldLine]).toBe(text);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("of texts with nothing in common is found without an endless search", () => {
    const text = (letter: string) => Array.from({ length: 3000 }, (_, at) => letter + at).join("\n");
    expect(diffLines(text("a"), text("b"))).toHaveLength(6000);
  });

  it("leaves out what is far from any change, and says how much", () => {
    const old = Array.from({ length: 20 }, (_, at) => `line ${at}`);
    const made = old.map((line, at) => (at === 10 ? "other" : line));
    const folded = foldSame(diffLines(old.join("\n"), made.join("\n")), 2);
    expect(folded.map((line) => (line.kind === "folded" ? line.count : line.kind))).toEqual([
      8,
      ...["same", "same", "old", "new", "same", "same"],
      7,
    ]);
    expect(pairsOf(folded).map((pair) => (typeof pair === "number" ? pair : pair.map((side) => side?.text)))).toEqual([
      8,
      ["line 8", "line 8"],
      ["line 9", "line 9"],
      ["line 10", "other"],
      ["line 11", "line 11"],
      ["line 12", "line 12"],
      7,
    ]);
  });
});
