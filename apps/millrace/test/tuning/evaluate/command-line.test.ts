import { expect, test } from "vitest";
import { fillPlaceholders, shellQuoted, splitWords } from "../../../src/tuning/evaluate/command-line.ts";

test.each([
  ["a b  c", ["a", "b", "c"]],
  ["a 'b c' \"d e\"", ["a", "b c", "d e"]],
  ['a\\ b \'c\\d\' "e\\"f\\g"', ["a b", "c\\d", 'e"f\\g']],
  ["x '' y\"z\"w", ["x", "", "yzw"]],
  ["$HOME *.c | cat", ["$HOME", "*.c", "|", "cat"]],
])("%s", (line, words) => expect(splitWords(line)).toEqual(words));

test("values stand where their names stand, and braces can be written", () => {
  const config = { tile: 8, loops: [2, 0, 1], kind: "a b" };
  expect(fillPlaceholders("--t={tile} {{tile} {loops} {other}", config)).toBe("--t=8 {tile} 2,0,1 {other}");
  expect(fillPlaceholders("run {kind}", config, shellQuoted)).toBe("run 'a b'");
  expect(shellQuoted("it's; rm -rf")).toBe("'it'\\''s; rm -rf'");
});
