import { DiagnosticError } from "@millrace/ir-text";
import { describe, expect, it } from "vitest";
import { inferExtents, parseAssignment, TensorError } from "../../src/index.ts";

type Shapes = Parameters<typeof inferExtents>[1];

function extents(text: string, shapes: Shapes): Record<string, number> {
  return Object.fromEntries(inferExtents(parseAssignment(text), shapes));
}

function faults(text: string, shapes: Shapes): string[] {
  try {
    inferExtents(parseAssignment(text), shapes);
  } catch (fault) {
    if (fault instanceof DiagnosticError) return fault.message.split("\n");
    throw fault;
  }
  return [];
}

describe("extents", () => {
  it("come from the shapes of the operands", () => {
    expect(extents("y(i) = alpha * A(i,j) * x(j)", { A: [3, 4], x: [4], alpha: [] })).toEqual({ i: 3, j: 4 });
    expect(extents("t = A(i,i)", { A: [5, 5], unused: [9] })).toEqual({ i: 5 });
    expect(extents("y(i) = b(i)", { b: [0] })).toEqual({ i: 0 });
  });

  it("that disagree are reported with both places", () => {
    expect(faults("y(i) = A(i,j) * x(j)", { A: [3, 4], x: [5] })).toEqual([
      "<expression>:1:19: error: mode 0 of 'x' has extent 5, but 'j' has extent 4",
      "  1 | y(i) = A(i,j) * x(j)",
      "    |                   ^",
      "  note: 'j' takes 4 values, from mode 1 of 'A', at <expression>:1:12",
      "    1 | y(i) = A(i,j) * x(j)",
      "      |            ^",
    ]);
  });

  it("must agree with the output's, if it is given", () => {
    expect(faults("y(i) = b(i)", { b: [3], y: [4] })[0]).toBe(
      "<expression>:1:3: error: mode 0 of 'y' has extent 4, but 'i' has extent 3",
    );
  });

  it("must agree within one tensor", () => {
    expect(faults("t = A(i,i)", { A: [2, 3] })[0]).toContain("mode 1 of 'A' has extent 3, but 'i' has extent 2");
  });

  it("cannot come from a tensor that is not given", () => {
    expect(faults("y(i) = Adj(i,j) * x(j) + x(i) * Adj(j,i)", { adj: [3, 3] })).toEqual([
      "<expression>:1:8: error: no tensor 'Adj' is given",
      "  1 | y(i) = Adj(i,j) * x(j) + x(i) * Adj(j,i)",
      "    |        ^^^^^^^^",
      "  help: did you mean 'adj'?",
      "<expression>:1:19: error: no tensor 'x' is given",
      "  1 | y(i) = Adj(i,j) * x(j) + x(i) * Adj(j,i)",
      "    |                   ^^^^",
      "  help: given are adj",
    ]);
    expect(faults("a = toString", {}).at(-1)).toBe("  help: no tensors are given");
  });

  it("cannot come from a tensor of another order", () => {
    expect(faults("y(i) = A(i,j) * s(j)", { A: [3], s: [] }).filter((line) => line.includes("error"))).toEqual([
      "<expression>:1:8: error: 'A' has order 1 (shape [3]), but 2 indices",
      "<expression>:1:17: error: 's' has order 0 (shape []), but 1 index",
    ]);
  });

  it("must be non-negative integers", () => {
    for (const extent of [-1, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => extents("y(i) = b(i)", { b: [extent] })).toThrow(TensorError);
    }
  });
});
