import { DiagnosticError } from "@millrace/ir-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NotationCode, parseAssignment } from "../../src/index.ts";
import { faultsOf } from "./support/assignments.ts";

function codesOf(text: string): NotationCode[] {
  try {
    parseAssignment(text);
  } catch (fault) {
    if (fault instanceof DiagnosticError) return fault.diagnostics.map(({ code }) => code as NotationCode);
    throw fault;
  }
  return [];
}

describe("a fault of grammar", () => {
  it("is an operator of another language, each one named", () => {
    expect(faultsOf("y(i) = A(i,j) ^ x(j) % z")).toEqual([
      "<expression>:1:15: error: unknown operator '^'",
      "  1 | y(i) = A(i,j) ^ x(j) % z",
      "    |               ^",
      "  help: the operators are + - * / on the right, with = or += after the output",
      "<expression>:1:22: error: unknown operator '%'",
      "  1 | y(i) = A(i,j) ^ x(j) % z",
      "    |                      ^",
      "  help: the operators are + - * / on the right, with = or += after the output",
    ]);
    for (const operator of ["==", ":=", "-=", "*="]) expect(codesOf(`a ${operator} b`)).toContain("operator-unknown");
    for (const operator of ["**", "@", "&&", "//", "<"])
      expect(codesOf(`a = b ${operator} c`)).toEqual(["operator-unknown"]);
  });

  it("is a sign that only looks right", () => {
    expect(faultsOf("y(i) = A(i,j) × x(j) − z(i)").filter((line) => !line.includes("|"))).toEqual([
      "<expression>:1:15: error: unexpected character '×' (U+00D7)",
      "  help: write '*'",
      "<expression>:1:22: error: unexpected character '−' (U+2212)",
      "  help: write '-'",
    ]);
  });

  it("is a product without a sign", () => {
    expect(faultsOf("y(i) = A(i,j) x(j)")).toEqual([
      "<expression>:1:15: error: expected an operator or the end, found 'x'",
      "  1 | y(i) = A(i,j) x(j)",
      "    |               ^",
      "  help: write '*' between two factors",
    ]);
  });

  it("is whatever is missing, where it is missing", () => {
    const first = (text: string): string | undefined => faultsOf(text)[0]?.replace("<expression>:1:", "");
    expect(first("")).toBe("1: error: expected the name of the tensor to assign to, found end of input");
    expect(first("2 * y = x")).toBe("1: error: expected the name of the tensor to assign to, found '2'");
    expect(first("y(i)")).toBe("5: error: expected '=' or '+=' after the output, found end of input");
    expect(first("y(i) =")).toBe("7: error: expected a tensor, a number or '(', found end of input");
    expect(first("y(i) = (b(i) + c(i)")).toBe("20: error: expected ')' to close the parenthesis, found end of input");
    expect(first("y(i) = b(i))")).toBe("12: error: expected an operator or the end, found ')'");
    expect(first("y(i) = b(i) = c(i)")).toBe("13: error: expected an operator or the end, found '='");
    expect(first("y(i) = b(i) +")).toBe("14: error: expected a tensor, a number or '(', found end of input");
    expect(first("y(i = b(i)")).toBe("5: error: expected ')' to close the indices, found '='");
  });

  it("is an index that is none, and does not hide the next fault", () => {
    expect(faultsOf("y(i) = A(i,0) * B(i,,j) * x(j").filter((line) => line.includes("error"))).toEqual([
      "<expression>:1:12: error: expected an index variable, found '0'",
      "<expression>:1:21: error: expected an index variable, found ','",
      "<expression>:1:30: error: expected ')' to close the indices, found end of input",
    ]);
  });

  it("is a function, which index notation does not have", () => {
    expect(faultsOf("y(i) = relu(x(i))").at(-1)).toBe("  help: functions of tensors are not part of index notation");
  });

  it("is a bracket for a parenthesis", () => {
    expect(faultsOf("y[i] = A[i,j] * x[j]").filter((line) => line.includes("error"))).toEqual([
      "<expression>:1:2: error: expected '(' after 'y', found '['",
      "<expression>:1:9: error: expected '(' after 'A', found '['",
      "<expression>:1:18: error: expected '(' after 'x', found '['",
    ]);
  });

  it("is a number beyond all doubles", () => {
    expect(codesOf("a = 1e999 * b")).toEqual(["number-out-of-range"]);
  });

  it("is a tensor of more modes than any has", () => {
    const indices = (count: number) => Array.from({ length: count }, (_, index) => `i${index}`).join();
    expect(codesOf(`a = B(${indices(65)})`)).toEqual(["order-too-large"]);
    expect(codesOf(`A(${indices(100_000)}) = B(${indices(64)})`)).toEqual(["order-too-large"]);
    expect(codesOf(`a = B(${indices(64)})`)).toEqual([]);
  });

  it("is a text too deep or too long for the stack of whoever walks its tree", () => {
    expect(codesOf(`a = ${"(".repeat(100_000)}`)).toEqual(["nesting-too-deep"]);
    expect(codesOf(`a = ${"-".repeat(100_000)}b`)).toEqual(["nesting-too-deep"]);
    expect(codesOf(`a = b${" + b".repeat(100_000)}`)).toEqual(["expression-too-long"]);
    expect(codesOf(`a = b${" + b".repeat(1000)}`)).toEqual([]);
  });
});

describe("a fault of meaning", () => {
  it("is a tensor with two orders, with the place of the other use", () => {
    expect(faultsOf("y(i) = A(i,j) * x(j) + A(i)")).toEqual([
      "<expression>:1:24: error: 'A' has 1 index here and 2 indices elsewhere",
      "  1 | y(i) = A(i,j) * x(j) + A(i)",
      "    |                        ^^^^",
      "  note: used with 2 indices at <expression>:1:8",
      "    1 | y(i) = A(i,j) * x(j) + A(i)",
      "      |        ^^^^^^",
    ]);
  });

  it("is an output index that nothing on the right has", () => {
    expect(faultsOf("y(row,k) = A(rwo,j) * x(j)")).toEqual([
      "<expression>:1:3: error: output index 'row' is in no tensor on the right, so its extent is unknown",
      "  1 | y(row,k) = A(rwo,j) * x(j)",
      "    |   ^^^",
      "  help: did you mean 'rwo'?",
      "<expression>:1:7: error: output index 'k' is in no tensor on the right, so its extent is unknown",
      "  1 | y(row,k) = A(rwo,j) * x(j)",
      "    |       ^",
      "  help: remove it, or index a tensor on the right by it",
    ]);
  });

  it("is an output that is an operand too", () => {
    expect(faultsOf("y(i) = y(i) + b(i)")).toEqual([
      "<expression>:1:8: error: the output 'y' cannot be an operand too",
      "  1 | y(i) = y(i) + b(i)",
      "    |        ^^^^",
      "  note: 'y' is assigned to at <expression>:1:1",
      "    1 | y(i) = y(i) + b(i)",
      "      | ^^^^",
      "  help: give the result another name, or use '+=' to add to it",
    ]);
    expect(codesOf("y(i) += y(i)")).toEqual(["output-operand"]);
  });

  it("is an index twice in the output", () => {
    expect(codesOf("A(i,i) = b(i)")).toEqual(["output-index-repeated"]);
  });

  it("is a name for an index and a tensor", () => {
    expect(codesOf("a(i) = b(i) * i")).toEqual(["index-as-tensor"]);
    expect(codesOf("a(a) = b(a)")).toEqual(["index-as-tensor"]);
  });

  it("does not hide others: all are reported at once", () => {
    expect(codesOf("y(k) = A(i,j) * A(i) * y(i)")).toEqual([
      "output-operand",
      "output-index-unbound",
      "order-mismatch",
    ]);
  });
});

describe("any text", () => {
  const pieces = [
    "a",
    "b(",
    "i",
    "j",
    "(",
    ")",
    ",",
    "=",
    "+=",
    "+",
    "-",
    "*",
    "/",
    "^",
    "1",
    "2.5",
    "#",
    "\n",
    " ",
    '"',
    "\0",
  ];

  it("is an assignment or a DiagnosticError with places, never anything else", () => {
    const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => `y(i) = ${parts.join("")}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), soup), (text) => {
        try {
          parseAssignment(text);
        } catch (fault) {
          expect(fault).toBeInstanceOf(DiagnosticError);
          const { diagnostics } = fault as DiagnosticError;
          expect(diagnostics.length).toBeGreaterThan(0);
          for (const { span } of diagnostics) expect(span?.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { seed: 11, numRuns: 3000 },
    );
  });
});
