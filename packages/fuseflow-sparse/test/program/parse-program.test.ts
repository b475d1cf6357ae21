import { DiagnosticError } from "@millrace/ir-text";
import { describe, expect, test } from "vitest";
import { parseProgram } from "../../src/program/parse-program.ts";
import { printProgram } from "../../src/program/print-program.ts";
import { modelCases } from "../support/library-models.ts";

const source = `program layer
input A(n, n): ss
input X(n, 4)
input c(4): d
fuse first {
  T(i,j) = A(i,k) * X(k,j)
  Z(i,j) = max(T(i,j) + c(j), 0) / 2 - 1
}
Y(i,j) = softmax[j](Z(i,j))
m(i) = max[j](Y(i,j))
output Y, m
`;

test("a program is read with its regions, sums and outputs", () => {
  const program = parseProgram(source);
  expect(program.inputs.map(({ name, format }) => `${name}:${format}`)).toEqual(["A:ss", "X:ss", "c:d"]);
  expect(program.regions).toEqual([{ name: "first", tensors: ["T", "Z"] }]);
  expect(program.outputs).toEqual(["Y", "m"]);
  expect(program.statements[0]?.expression).toMatchObject({ kind: "reduction", operation: "add", over: ["k"] });
});

test("sums of a product of three go around the smallest product that holds them", () => {
  const { statements } = parseProgram("input A(3,3)\ninput B(3,3)\ninput C(3,3)\nY(i,j) = A(i,k)*B(k,l)*C(l,j)");
  expect(statements[0]?.expression).toMatchObject({
    kind: "reduction",
    over: ["l"],
    operand: { left: { kind: "reduction", over: ["k"] } },
  });
});

describe.each([["layer", source], ...modelCases.map(({ name, model }) => [name, printProgram(model.program)])])(
  "%s",
  (_, text) => {
    test("prints as text that reads back as the same program", () => {
      const printed = printProgram(parseProgram(text!));
      expect(printProgram(parseProgram(printed))).toBe(printed);
    });
  },
);

const faults: readonly (readonly [string, string, string])[] = [
  ["input A(3)\ny(i) = B(i)", "program-name-unknown", "neither an input nor an earlier result"],
  ["input A(3,3)\ny(i) = A(i)", "program-order", "has 2 modes"],
  ["input A(3,3)\ny(i) = A(i,i)", "program-repeated-index", "index twice"],
  ["input A(3)\ny(i,j) = A(i)", "program-broadcast", "the same for every j"],
  ["input A(3)\ninput B(4)\ny(i) = A(i) + B(i)", "program-extent", "extent 3 in A and 4 in B"],
  ["input A(3): q\ny(i) = A(i)", "program-format", "A:"],
  ["input A(3)\ny(i) = A(i) +", "syntax", "a tensor, a number"],
  ["input A(3)\ny(i) = A(i)\noutput z", "program-output-unknown", "not computed"],
  ["", "program-empty", "needs a statement"],
];

test.each(faults)("%j is refused as %s", (text, code, message) => {
  let found: unknown;
  try {
    parseProgram(text);
  } catch (error) {
    found = error;
  }
  expect(found).toBeInstanceOf(DiagnosticError);
  const diagnostics = (found as DiagnosticError).diagnostics;
  expect(diagnostics[0]).toMatchObject({ code });
  expect(diagnostics[0]?.message).toContain(message);
});
