import { describe, expect, it } from "vitest";
import {
  accessesOf,
  factorsOf,
  indicesOf,
  parseAssignment,
  printExpression,
  reductionsOf,
  termsOf,
} from "../../src/index.ts";

/** `term: indices` for every term that is summed, outer terms first. */
function reductions(text: string): string[] {
  return [...reductionsOf(parseAssignment(text))].map(
    ([term, names]) => `${printExpression(term)}: ${names.join(",")}`,
  );
}

describe("terms and factors", () => {
  const { right } = parseAssignment("y(i) = -(b(i) - A(i,j) * (x(j) + w(j))) - 2 / -c(i) * d(i)");

  it("are listed with their signs and without negations", () => {
    const terms = termsOf(right).map(
      ({ negative, expression }) => `${negative ? "-" : "+"} ${printExpression(expression)}`,
    );
    expect(terms).toEqual(["- b(i)", "+ A(i,j) * (x(j) + w(j))", "- 2 / -c(i) * d(i)"]);
  });

  it("are listed with the side of the fraction they stand on", () => {
    const term = termsOf(right)[2];
    if (term === undefined) throw new Error("three terms");
    const factors = factorsOf(term.expression).map(({ inverted, expression }) => [
      inverted,
      printExpression(expression),
    ]);
    expect(factors).toEqual([
      [false, "2"],
      [true, "c(i)"],
      [false, "d(i)"],
    ]);
  });

  it("turn over in a divisor that is a quotient", () => {
    const { right: quotient } = parseAssignment("a = b / (c / d)");
    expect(factorsOf(quotient).map(({ inverted }) => inverted)).toEqual([false, true, false]);
  });

  it("have their tensors and indices in order of use", () => {
    expect(accessesOf(right).map(({ tensor }) => tensor)).toEqual(["b", "A", "x", "w", "c", "d"]);
    expect(indicesOf(right)).toEqual(["i", "j"]);
  });
});

describe("an index that is not on the left", () => {
  it("is summed over its own term, not over its neighbours", () => {
    expect(reductions("y(i) = A(i,j) * x(j) + z(i)")).toEqual(["A(i,j) * x(j): j"]);
    expect(reductions("x(i) = b(i) - C(i,j) * d(j)")).toEqual(["C(i,j) * d(j): j"]);
  });

  it("is summed in each term by itself", () => {
    expect(reductions("a(i) = B(i,j) * c(j) + D(i,j) * e(j)")).toEqual(["B(i,j) * c(j): j", "D(i,j) * e(j): j"]);
    expect(reductions("a = b(i) - c(j)")).toEqual(["b(i): i", "c(j): j"]);
  });

  it("comes in the order of first use", () => {
    expect(reductions("a(i,m) = B(i,j,k,l) * C(j,m) * D(k,m) * E(l,m)")).toEqual([
      "B(i,j,k,l) * C(j,m) * D(k,m) * E(l,m): j,k,l",
    ]);
  });

  it("is summed within a sum in parentheses if nothing outside has it", () => {
    expect(reductions("a(i) = (B(i,j) * c(j) + d(i)) * e(i)")).toEqual(["B(i,j) * c(j): j"]);
    expect(reductions("a(i) = b(i) / (B(i,j) + c(i))")).toEqual(["B(i,j): j"]);
    expect(reductions("a(i) = -(B(i,j) + c(i)) * d(k)")).toEqual(["-(B(i,j) + c(i)) * d(k): k", "B(i,j): j"]);
  });

  it("is summed over the whole product if several factors have it", () => {
    expect(reductions("a(i) = (B(i,j) + c(i)) * d(j)")).toEqual(["(B(i,j) + c(i)) * d(j): j"]);
    expect(reductions("a = (b(i) + c) * (d(i) + e)")).toEqual(["(b(i) + c) * (d(i) + e): i"]);
  });

  it("does not exist in an elementwise expression", () => {
    expect(reductions("A(i,j) = (B(i,j) + C(j,i)) * 2 - d(i)")).toEqual([]);
  });
});
