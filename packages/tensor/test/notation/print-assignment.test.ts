import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAssignment, printAssignment } from "../../src/index.ts";
import { assignments } from "./support/arbitrary-expression.ts";
import { kernels, withoutSpans } from "./support/assignments.ts";
import { tacoCases } from "./support/taco-cases.ts";

describe("a printed assignment", () => {
  it("is spaced like the ones people write", () => {
    for (const text of [...Object.values(kernels), ...tacoCases.map(({ expr }) => expr)]) {
      expect(printAssignment(parseAssignment(text))).toBe(text);
    }
  });

  it("has the parentheses that its tree needs and no others", () => {
    const reprinted = (text: string): string => printAssignment(parseAssignment(text));
    expect(reprinted("a()=((b+c))*(d*e)")).toBe("a = (b + c) * (d * e)");
    expect(reprinted("a=(b*c)+(-d)-(e-f)")).toBe("a = b * c + -d - (e - f)");
    expect(reprinted("a += -(b*c)/(-(-d))")).toBe("a += -(b * c) / -(-d)");
    expect(reprinted("a = b/(c/d)/e")).toBe("a = b / (c / d) / e");
  });

  it("parses back to the same tree, whatever the tree", () => {
    fc.assert(
      fc.property(assignments, (assignment) => {
        expect(withoutSpans(parseAssignment(printAssignment(assignment)))).toEqual(withoutSpans(assignment));
      }),
      { seed: 5, numRuns: 1000 },
    );
  });
});
