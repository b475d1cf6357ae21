import { DiagnosticError } from "@millrace/ir-text";
import { describe, expect, it } from "vitest";
import { type DenseArray, evaluateDense, parseAssignment, TensorError } from "../../src/index.ts";
import { denseOf, expectedOf, tacoCases } from "./support/taco-cases.ts";

/** A tensor whose values are small multiples of 1/4 that do not repeat in step with its modes. */
function filled(...shape: number[]): DenseArray {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, values: Float64Array.from({ length: size }, (_, at) => (((at * 7 + shape.length) % 11) - 5) / 4) };
}

function scalar(value: number): DenseArray {
  return { shape: [], values: Float64Array.of(value) };
}

function evaluate(text: string, operands: Record<string, DenseArray>): number[] {
  return [...evaluateDense(parseAssignment(text), operands).values];
}

function at({ values }: DenseArray, offset: number): number {
  const value = values[offset];
  if (value === undefined) throw new RangeError(`no element ${offset}`);
  return value;
}

/** Fills an array of `size` by a function of the position. */
function tabulate(size: number, value: (position: number) => number): number[] {
  return Array.from({ length: size }, (_, position) => value(position));
}

/** Sum of a function over 0 .. extent - 1. */
function sum(extent: number, value: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < extent; index++) total += value(index);
  return total;
}

const [I, J, K, L] = [3, 4, 5, 2] as const;

describe("dense evaluation agrees with loops written by hand for", () => {
  const A = filled(I, J);
  const x = filled(J);
  const z = filled(I);

  it("a matrix-vector product with an addend", () => {
    const expected = tabulate(I, (i) => sum(J, (j) => at(A, i * J + j) * at(x, j)) + at(z, i));
    expect(evaluate("y(i) = A(i,j) * x(j) + z(i)", { A, x, z })).toEqual(expected);
  });

  it("a matrix product", () => {
    const B = filled(I, K);
    const C = filled(K, J);
    const expected = tabulate(I * J, (p) => sum(K, (k) => at(B, Math.floor(p / J) * K + k) * at(C, k * J + (p % J))));
    const result = evaluateDense(parseAssignment("X(i,j) = B(i,k) * C(k,j)"), { B, C });
    expect(result.shape).toEqual([I, J]);
    expect([...result.values]).toEqual(expected);
  });

  it("a sampled matrix product", () => {
    const [B, C, D] = [filled(I, J), filled(I, K), filled(K, J)];
    const expected = tabulate(I * J, (p) => {
      const [i, j] = [Math.floor(p / J), p % J];
      return sum(K, (k) => at(B, p) * at(C, i * K + k) * at(D, k * J + j));
    });
    expect(evaluate("X(i,j) = B(i,j) * C(i,k) * D(k,j)", { B, C, D })).toEqual(expected);
  });

  it("a matricised tensor times a Khatri-Rao product", () => {
    const [B, C, D] = [filled(I, K, L), filled(J, K), filled(J, L)];
    const expected = tabulate(I * J, (p) => {
      const [i, j] = [Math.floor(p / J), p % J];
      return sum(K, (k) => sum(L, (l) => at(B, (i * K + k) * L + l) * at(C, j * K + k) * at(D, j * L + l)));
    });
    expect(evaluate("X(i,j) = B(i,k,l) * C(j,k) * D(j,l)", { B, C, D })).toEqual(expected);
  });

  it("a residual", () => {
    const expected = tabulate(I, (i) => at(z, i) - sum(J, (j) => at(A, i * J + j) * at(x, j)));
    expect(evaluate("r(i) = z(i) - A(i,j) * x(j)", { A, x, z })).toEqual(expected);
  });

  it("a scaled transposed product", () => {
    const [alpha, beta] = [scalar(2), scalar(-0.5)];
    const expected = tabulate(J, (i) => 2 * sum(I, (j) => at(A, j * J + i) * at(z, j)) + -0.5 * at(x, i));
    expect(evaluate("y(i) = alpha * A(j,i) * z(j) + beta * x(i)", { alpha, beta, A, x, z })).toEqual(expected);
  });

  it("sums of three matrices and of a matrix and a transpose", () => {
    const [B, C, D] = [filled(I, I), filled(I, I), filled(I, I)];
    const expected = tabulate(I * I, (p) => at(B, p) + at(C, p) - at(D, (p % I) * I + Math.floor(p / I)));
    expect(evaluate("X(i,j) = B(i,j) + C(i,j) - D(j,i)", { B, C, D })).toEqual(expected);
  });

  it("a term that lacks an index of the output: it is the same along it", () => {
    expect(evaluate("X(i,j) = A(i,j) + z(i) + 1", { A, z })).toEqual(
      tabulate(I * J, (p) => at(A, p) + at(z, Math.floor(p / J)) + 1),
    );
  });

  it("a trace, a full sum and an outer product", () => {
    const B = filled(I, I);
    expect(evaluate("t = B(i,i)", { B })).toEqual([sum(I, (i) => at(B, i * I + i))]);
    expect(evaluate("t = A(i,j)", { A })).toEqual([sum(I * J, (p) => at(A, p))]);
    expect(evaluate("X(i,j) = z(i) * x(j)", { x, z })).toEqual(
      tabulate(I * J, (p) => at(z, Math.floor(p / J)) * at(x, p % J)),
    );
  });

  it("quotients and negations", () => {
    const d = { shape: [I], values: Float64Array.of(2, -4, 0.5) };
    const expected = tabulate(I, (i) => -at(z, i) / at(d, i) - sum(J, (j) => at(A, i * J + j) / at(d, i)));
    expect(evaluate("y(i) = -z(i) / d(i) - A(i,j) / d(i)", { A, d, z })).toEqual(expected);
  });

  it("sums within products, by what each index connects", () => {
    const inside = tabulate(I, (i) => (sum(J, (j) => at(A, i * J + j) * at(x, j)) + at(z, i)) * at(z, i));
    expect(evaluate("y(i) = (A(i,j) * x(j) + z(i)) * z(i)", { A, x, z })).toEqual(inside);
    const across = tabulate(I, (i) => sum(J, (j) => (at(A, i * J + j) + at(z, i)) * at(x, j)));
    expect(evaluate("y(i) = (A(i,j) + z(i)) * x(j)", { A, x, z })).toEqual(across);
  });
});

describe("dense evaluation", () => {
  it("gives the recorded result of every taco expression, bit for bit", () => {
    for (const tacoCase of tacoCases) {
      const operands = Object.fromEntries(
        Object.entries(tacoCase.operands).map(([name, operand]) => [name, denseOf(operand)]),
      );
      const result = evaluateDense(parseAssignment(tacoCase.expr), operands);
      const expected = expectedOf(tacoCase);
      expect(result.shape, tacoCase.expr).toEqual(expected.shape);
      // Adding 0 makes -0 and 0 the same.
      expect(
        [...result.values].map((value) => value + 0),
        tacoCase.expr,
      ).toEqual([...expected.values]);
    }
  });

  it("adds to the values that the output had before, and leaves those alone", () => {
    const y = { shape: [2], values: Float64Array.of(10, 20) };
    const A = { shape: [2, 2], values: Float64Array.of(1, 2, 3, 4) };
    expect(evaluate("y(i) += A(i,j)", { y, A })).toEqual([13, 27]);
    expect([...y.values]).toEqual([10, 20]);
    expect(evaluate("y(i) = A(i,j)", { y, A })).toEqual([3, 7]);
  });

  it("gives sums over nothing the value 0", () => {
    expect(evaluate("y(i) = A(i,j)", { A: { shape: [2, 0], values: new Float64Array() } })).toEqual([0, 0]);
    expect(evaluate("y(i) = b(i)", { b: { shape: [0], values: new Float64Array() } })).toEqual([]);
  });

  it("does not walk a huge extent beside an empty one", () => {
    const A = { shape: [2 ** 50, 0], values: new Float64Array() };
    expect(evaluate("t = A(i,j)", { A })).toEqual([0]);
  });
});

describe("dense evaluation refuses", () => {
  function codeOf(text: string, operands: Record<string, DenseArray>, maximumSteps?: number): string {
    try {
      evaluateDense(parseAssignment(text), operands, maximumSteps === undefined ? {} : { maximumSteps });
    } catch (fault) {
      if (fault instanceof TensorError) return `${fault.code}: ${fault.message}`;
      if (fault instanceof DiagnosticError) return fault.message.split("\n")[0] ?? "";
      throw fault;
    }
    return "nothing";
  }

  it("operands whose values do not fill their shape", () => {
    expect(codeOf("y(i) = b(i)", { b: { shape: [3], values: new Float64Array(2) } })).toBe(
      "notation-operands: 'b' of shape [3] needs 3 values, not 2",
    );
  });

  it("to add to values that are not given", () => {
    expect(codeOf("y(i) += b(i)", { b: filled(2) })).toBe(
      "<expression>:1:1: error: '+=' needs the values that 'y' has before",
    );
  });

  it("operands that are missing or do not fit", () => {
    expect(codeOf("y(i) = B(i,j) * c(j)", { B: filled(2, 3), c: filled(2) })).toContain("mode 0 of 'c' has extent 2");
    expect(codeOf("y(i) = b(i) * c(i)", { b: filled(2) })).toContain("no tensor 'c' is given");
  });

  it("index spaces beyond the limit, however they come about", () => {
    const vectors = { a: filled(100), b: filled(100), c: filled(100), d: filled(100), e: filled(100) };
    expect(codeOf("X(i,j,k,l,m) = a(i) * b(j) * c(k) * d(l) * e(m)", vectors)).toMatch(
      /^too-large: .* above the limit/,
    );
    expect(codeOf("t = a(i) * b(j) * c(k) * d(l) * e(m)", vectors)).toMatch(/^too-large: /);
    expect(codeOf("t = a(i)", vectors, 100)).toBe(
      "too-large: dense evaluation would take 101 steps, above the limit of 100",
    );
    expect(codeOf("t = a(i)", vectors, 101)).toBe("nothing");
    const empty = { shape: [2 ** 50, 0], values: new Float64Array() };
    expect(codeOf("t = (E(i,j) + E(i,j)) * (E(i,j) + E(i,k))", { E: empty })).toBe("nothing");
    expect(codeOf("t = (E(i,j) + E(i,j)) * (E(i,k) + E(i,k))", { E: empty })).toMatch(/^too-large: /);
  });
});
