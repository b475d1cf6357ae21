import { DiagnosticError } from "@millrace/ir-text";
import { expect, test } from "vitest";
import type { LowerOptions } from "../../src/index.ts";
import { lowerExpression } from "../../src/index.ts";

const cases: readonly (readonly [string, string, LowerOptions])[] = [
  ["an order against the storage", "X(i,j)=B(i,k)*C(k,j)", { formats: { B: "ss10" }, order: ["i", "k", "j"] }],
  ["an order that leaves a variable out", "X(i,j)=B(i,k)*C(k,j)", { order: ["i", "j"] }],
  ["storage orders that contradict", "X(i,j)=A(i,j)*B(i,j)", { formats: { A: "CSR", B: "CSC" } }],
  ["one tensor walked both ways", "X(i,j)=A(i,j)*A(j,i)", {}],
  ["a diagonal", "y(i)=A(i,i)", {}],
  ["a term that lacks an index of the result", "X(i,j)=B(i,j)+c(i)", {}],
  ["a constant term", "y(i)=2*a(i)+3", {}],
  ["a sum over an index that a term lacks", "y(i)=(A(i,j)+z(i))*(B(i,j)+w(i))", {}],
  ["a sparse divisor", "y(i)=a(i)/b(i)", {}],
  ["adding to an old result", "y(i)+=A(i,j)*x(j)", {}],
  ["accumulated fibres in a sum", "X(i,j)=B(i,k)*C(k,j)+D(i,j)", { order: ["k", "i", "j"] }],
  ["a format for a tensor that is not there", "y(i)=A(i,j)*x(j)", { formats: { a: "ds" } }],
  ["a format of the wrong order", "y(i)=A(i,j)*x(j)", { formats: { A: "dss" } }],
  ["a level that no scanner reads", "y(i)=A(i,j)*x(j)", { formats: { A: "dh" } }],
  ["a dense result with holes", "y(i)=A(i,j)*x(j)", { formats: { y: "d" } }],
  ["a result in another mode order", "X(i,j)=B(i,k)*C(k,j)", { formats: { X: "ss10" }, order: ["i", "k", "j"] }],
  ["a product of too many sums", `y(i)=${Array.from({ length: 9 }, (_, n) => `(a${n}(i)+b${n}(i))`).join("*")}`, {}],
];

function refusal(expression: string, options: LowerOptions): string {
  try {
    lowerExpression(expression, options);
  } catch (error) {
    if (error instanceof DiagnosticError) return error.message;
    throw error;
  }
  return "accepted";
}

test("what has no SAM graph is refused with its place and a way out", async () => {
  const text = cases.map(([name, expression, options]) => `## ${name}\n${refusal(expression, options)}\n`).join("\n");
  await expect(text).toMatchFileSnapshot("refusals.expect");
});

test("every refusal has a code of its own kind", () => {
  for (const [name, expression, options] of cases) {
    expect(() => lowerExpression(expression, options), name).toThrow(DiagnosticError);
    try {
      lowerExpression(expression, options);
    } catch (error) {
      for (const { code } of (error as DiagnosticError).diagnostics) expect(code).toMatch(/^lower-[a-z-]+$/);
    }
  }
});
