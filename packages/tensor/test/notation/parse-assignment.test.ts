import { describe, expect, it } from "vitest";
import { type Assignment, type Expression, parseAssignment, printExpression } from "../../src/index.ts";
import { kernels, withoutSpans } from "./support/assignments.ts";
import { tacoCases } from "./support/taco-cases.ts";

/** The tree of the right side, every operation in parentheses. */
function grouped(text: string): string {
  const show = (node: Expression): string => {
    if (node.kind === "access" || node.kind === "literal") return printExpression(node);
    if (node.kind === "neg") return `(neg ${show(node.operand)})`;
    return `(${node.kind} ${show(node.left)} ${show(node.right)})`;
  };
  return show(parseAssignment(`out = ${text}`).right);
}

/** The text that a node covers. */
function covered({ span }: { span: Assignment["span"] }): string {
  return span.source.text.slice(span.start, span.end);
}

describe("an assignment", () => {
  it("is a tree of accesses and operations", () => {
    expect(withoutSpans(parseAssignment("y(i) = A(i,j) * x(j) + 2"))).toEqual({
      output: { kind: "access", tensor: "y", indices: [{ name: "i" }] },
      operator: "=",
      right: {
        kind: "add",
        left: {
          kind: "mul",
          left: { kind: "access", tensor: "A", indices: [{ name: "i" }, { name: "j" }] },
          right: { kind: "access", tensor: "x", indices: [{ name: "j" }] },
        },
        right: { kind: "literal", value: 2 },
      },
    });
  });

  it("multiplies before it adds and groups from the left", () => {
    expect(grouped("a + b * c - d / e / f")).toBe("(sub (add a (mul b c)) (div (div d e) f))");
    expect(grouped("(a + b) * (c - (d - e))")).toBe("(mul (add a b) (sub c (sub d e)))");
  });

  it("negates before it multiplies", () => {
    expect(grouped("-a * -b - -(c + d)")).toBe("(sub (mul (neg a) (neg b)) (neg (add c d)))");
    expect(grouped("--a")).toBe("(neg (neg a))");
  });

  it("knows scalars with and without parentheses, and numbers in every spelling", () => {
    expect(grouped("alpha * s() + 2 * .5 * 1e-3 * 1.5E2")).toBe(
      "(add (mul alpha s) (mul (mul (mul 2 0.5) 0.001) 150))",
    );
    expect(withoutSpans(parseAssignment("a() = s()"))).toEqual(withoutSpans(parseAssignment("a = s")));
  });

  it("may add to its output", () => {
    expect(parseAssignment("y(i) += A(i,j) * x(j)").operator).toBe("+=");
  });

  it("may repeat an index and a tensor on the right", () => {
    expect(grouped("A(i,i) * A(j,i)")).toBe("(mul A(i,i) A(j,i))");
  });

  it("may be spread over lines with comments", () => {
    expect(grouped("b(i) # first\r\n\t+ c(i) # second\n")).toBe("(add b(i) c(i))");
  });

  it("has a span on every node, parentheses included", () => {
    const { output, right, span } = parseAssignment("y(i) =  -( A(i, j) )* (x(j)+z(i)) # end");
    expect(covered(output)).toBe("y(i)");
    expect(covered({ span })).toBe("y(i) =  -( A(i, j) )* (x(j)+z(i))");
    expect(covered(right)).toBe("-( A(i, j) )* (x(j)+z(i))");
    if (right.kind !== "mul" || right.left.kind !== "neg" || right.right.kind !== "add") throw new Error(right.kind);
    expect(covered(right.left)).toBe("-( A(i, j) )");
    expect(covered(right.left.operand)).toBe("( A(i, j) )");
    expect(covered(right.right)).toBe("(x(j)+z(i))");
    expect(covered(right.right.left)).toBe("x(j)");
    expect(output.indices.map(covered)).toEqual(["i"]);
  });

  it("is named after its source", () => {
    const source = { name: "kernel.tin", text: "a = b" };
    expect(parseAssignment(source).span.source).toBe(source);
    expect(parseAssignment("a = b").span.source.name).toBe("<expression>");
  });
});

describe("the expressions people write", () => {
  it.each(Object.entries(kernels))("parse: %s", (_, text) => {
    expect(parseAssignment(text).operator).toBe("=");
  });

  it("parse: all of taco's", () => {
    expect(tacoCases).toHaveLength(60);
    for (const { expr, resultDims } of tacoCases) {
      expect(parseAssignment(expr).output.indices).toHaveLength(resultDims.length);
    }
  });
});
