import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Scope } from "../../../src/space/constraint/scope.ts";
import { ConstraintFault } from "../../../src/space/constraint/token.ts";
import type { Parameter } from "../../../src/space/parameter.ts";

const parameters: Parameter[] = [
  ...["a", "b", "c", "t"].map((name) => ({ kind: "integer" as const, name, minimum: -5000, maximum: 5000 })),
  { kind: "permutation", name: "p", size: 5 },
];
const scope = new Scope(parameters);

function holds(text: string, values: Record<string, number> = {}): boolean {
  const row = new Float64Array(scope.width);
  parameters.forEach(({ name, kind }, index) => {
    const value = values[name] ?? 0;
    scope.write(row, index, kind === "integer" ? value + 5000 : value);
  });
  return scope.bind(text).conditions.every((condition) => condition.holds(row));
}

function fault(text: string): ConstraintFault {
  try {
    scope.bind(text);
  } catch (error) {
    if (error instanceof ConstraintFault) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("a constraint", () => {
  it("divides exactly and keeps the usual precedence", () => {
    expect(holds("1024*(1/t) >= 1", { t: 1024 })).toBe(true);
    expect(holds("1024*(1/t) >= 1", { t: 1025 })).toBe(false);
    expect(holds("7 % 4 == 3")).toBe(true);
    expect(holds("2*3 % 4 == 2")).toBe(true);
    expect(holds("-2 ** 2 == -4")).toBe(true);
    expect(holds("-7 % 4 == -3")).toBe(true);
  });

  it("joins comparisons by & and |, in numexpr's order", () => {
    const text = "(a<2) & (b>1) | (c==3)";
    expect(holds(text, { a: 1, b: 2, c: 0 })).toBe(true);
    expect(holds(text, { a: 1, b: 1, c: 0 })).toBe(false);
    expect(holds(text, { a: 9, b: 0, c: 3 })).toBe(true);
    expect(holds("~(a == 1) & !(b == 1)", { a: 0, b: 0 })).toBe(true);
  });

  it("accepts and, or, not with a warning", () => {
    const { warnings } = scope.bind("a < 2 and not b > 1 or c == 3");
    expect(warnings.map(({ start }) => start)).toEqual([6, 10, 20]);
    expect(holds("a < 2 and not b > 1", { a: 1, b: 0 })).toBe(true);
  });

  it("is false after a remainder by 0, which is warned of", () => {
    expect(holds("a % b == 0", { a: 4, b: 0 })).toBe(false);
    expect(holds("a % b != 1", { a: 4, b: 0 })).toBe(false);
    expect(scope.bind("a % b == 0").warnings).toHaveLength(1);
  });

  it("reads elements and positions of a permutation", () => {
    expect(holds("(p_0 == 1) & (p_i0 == 1)", { p: 24 })).toBe(true);
    expect(holds("p_i3 < p_i4", { p: 1 })).toBe(false);
    expect(fault("p_5 == 1").help).toContain("p_0 to p_4");
  });

  it.each([
    ["q < 1", 0, 1, "there is no parameter"],
    ["(a < 1", 0, 1, "parenthesis opens here"],
    ["a < b < c", 6, 7, "chained"],
    ["a < 2 & b > 1", 4, 5, "the left side of &"],
    ['__import__("os")', 11, 12, "unexpected character"],
    ["abs(a) > 1", 0, 3, "no functions"],
    ["a + 1", 0, 5, "the constraint is a number"],
    ["a // 2 == 1", 2, 4, "// is no operator"],
    ["", 0, 0, "not the end"],
    ["a $ 1", 2, 3, "unexpected character"],
  ])("%s is refused with its place", (text, start, end, message) => {
    const found = fault(text);
    expect([found.start, found.end]).toEqual([start, end]);
    expect(found.message).toContain(message);
  });

  it("is refused at once where it is too long or too deep", () => {
    expect(fault("(".repeat(1_000_000)).message).toContain("65536");
    expect(fault("(".repeat(3000)).message).toContain("deeper");
    expect(fault("-".repeat(3000)).message).toContain("deeper");
    expect(fault(`${"1+".repeat(30_000)}1 > 0`).message).toContain("words");
    expect(fault(`${"1**".repeat(1000)}1 > 0`).message).toContain("deeper");
  });

  it("never does anything but hold, fail to hold or be refused with a place inside it", () => {
    const words = [
      "a",
      "b",
      "p_0",
      "1",
      "2.5",
      "(",
      ")",
      "+",
      "-",
      "*",
      "/",
      "%",
      "**",
      "<",
      "==",
      "!=",
      "&",
      "|",
      "~",
      "and",
      "not",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 14 }), (picked) => {
        const text = picked.join(" ");
        try {
          expect(typeof holds(text, { a: 1, b: 2 })).toBe("boolean");
        } catch (error) {
          expect(error).toBeInstanceOf(ConstraintFault);
          const { start, end } = error as ConstraintFault;
          expect(start >= 0 && start <= end && end <= text.length).toBe(true);
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
