import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accessesOf,
  type CoordinateList,
  coordinateList,
  differenceOf,
  evaluateDense,
  evaluateSparse,
  parseAssignment,
} from "../../src/index.ts";
import { lists } from "../support/arbitraries.ts";

const extents: Record<string, number> = { i: 4, j: 3, k: 5, l: 2 };

const expressions = [
  "y(i) = A(i,j) * x(j)",
  "X(i,j) = B(i,k) * C(k,j)",
  "X(j,i) = B(i,k) * C(k,j)",
  "S(i,j) = A(i,j) * P(i,k) * Q(j,k)",
  "y(i) = A(i,j) * x(j) + z(i)",
  "y(i) = b(i) - 2 * A(i,j) * x(j) - -z(i)",
  "a = A(i,j) * A(i,j)",
  "X(i,l) = A(i,j) * B(j,k) * C(k,l)",
  "X(i,j) = A(i,j) + z(i)",
  "y(i) = (A(i,j) * x(j) + z(i)) * d(i)",
  "y(i) = (A(i,j) + z(i)) * x(j)",
  "y(i) = (A(i,j) + z(i)) * (B(i,j) + w(i))",
  "y(i) = s * z(i) / 4",
  "T(i) = A(i,j) * B(k)",
];

function operandsOf(text: string): fc.Arbitrary<Record<string, CoordinateList>> {
  const accesses = accessesOf(parseAssignment(text).right);
  return fc.record(
    Object.fromEntries(
      accesses.map(({ tensor, indices }) => [tensor, lists(indices.map(({ name }) => extents[name]!))]),
    ),
  );
}

function dense({ shape, coordinates, values }: CoordinateList): { shape: readonly number[]; values: Float64Array } {
  const all = new Float64Array(shape.reduce((product, extent) => product * extent, 1));
  for (let e = 0; e < values.length; e++) {
    const at = shape.reduce((place, extent, mode) => place * extent + coordinates[mode]![e]!, 0);
    all[at] = all[at]! + values[e]!;
  }
  return { shape, values: all };
}

test.each(expressions)("agrees with the dense reference: %s", (text) => {
  const assignment = parseAssignment(text);
  fc.assert(
    fc.property(operandsOf(text), (operands) => {
      const expected = evaluateDense(
        assignment,
        Object.fromEntries(Object.entries(operands).map(([name, list]) => [name, dense(list)])),
      );
      const found = dense(evaluateSparse(assignment, operands));
      expect(found.shape).toEqual(expected.shape);
      for (let at = 0; at < expected.values.length; at++) expect(found.values[at]).toBeCloseTo(expected.values[at]!, 9);
    }),
    { seed: 7, numRuns: 40 },
  );
});

describe("evaluateSparse", () => {
  const vector = (rows: number[][], extent = 1e9): CoordinateList => coordinateList([extent], rows);

  test("refuses to multiply sums out without end", () => {
    const a = coordinateList([], [[2]]);
    const power = (count: number) => parseAssignment(`y = ${new Array<string>(count).fill("(a + a)").join(" * ")}`);
    expect([...evaluateSparse(power(6), { a }).values]).toEqual([4096]);
    expect(() => evaluateSparse(power(40), { a })).toThrow("more than 4096 products");
  });

  test("makes no room for a range that the limit of points forbids", () => {
    const A = coordinateList([2e9, 2e9], [[1, 2, 3]]);
    const s = coordinateList([], [[1]]);
    for (const text of ["Y(i,j) = A(i,j) + s", "Y(i,j) = s / A(i,j)"]) {
      expect(() => evaluateSparse(parseAssignment(text), { A, s }, { maximumPoints: 1000 })).toThrow(
        "a product has more than 1000 nonzero points",
      );
    }
  });

  test("refuses operands whose coordinates lie outside their shape", () => {
    const x = { ...vector([[3, 1]], 4), shape: [3] };
    expect(() => evaluateSparse(parseAssignment("y(i) = x(i)"), { x })).toThrow(/coordinate 3 in mode 0/);
  });

  test("needs no memory for shapes, only for entries", () => {
    const A = coordinateList(
      [2e9, 2e9],
      [
        [1e9, 7, 2],
        [3, 7, 5],
      ],
    );
    const result = evaluateSparse(parseAssignment("y(i) = A(i,j) * x(j)"), { A, x: vector([[7, 10]], 2e9) });
    expect([...result.coordinates[0]!]).toEqual([3, 1e9]);
    expect([...result.values]).toEqual([50, 20]);
  });

  test("joins on modes whose combinations pass 53 bits", () => {
    const shape = [2e9, 2e9];
    const A = coordinateList(shape, [
      [1.9e9, 1.8e9, 2],
      [1, 2, 3],
    ]);
    const B = coordinateList(shape, [
      [1.9e9, 1.8e9, 4],
      [2, 1, 5],
    ]);
    const result = evaluateSparse(parseAssignment("X(i,j) = A(i,j) * B(i,j)"), { A, B });
    expect([...result.values]).toEqual([8]);
  });

  test("reads the diagonal where an operand repeats an index", () => {
    const A = coordinateList(
      [3, 3],
      [
        [0, 0, 1],
        [0, 1, 2],
        [2, 2, 3],
      ],
    );
    const result = evaluateSparse(parseAssignment("y(i) = A(i,i)"), { A });
    expect([[...result.coordinates[0]!], [...result.values]]).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  test("divides by tensors, by zero too where there is no entry", () => {
    const operands = {
      a: vector(
        [
          [0, 6],
          [1, 8],
        ],
        3,
      ),
      b: vector([[0, 3]], 3),
    };
    const result = evaluateSparse(parseAssignment("y(i) = a(i) / b(i)"), operands);
    expect([...result.values]).toEqual([2, Number.POSITIVE_INFINITY]);
  });

  test("refuses what it cannot do, with the reason", () => {
    const one = { a: vector([[0, 1]], 3), b: vector([[0, 1]], 3) };
    expect(() => evaluateSparse(parseAssignment("y(i) = a(i) / (a(i) + b(i))"), one)).toThrow("cannot divide by a sum");
    expect(() => evaluateSparse(parseAssignment("y(i) += a(i)"), one)).toThrow("use '='");
    const many = {
      a: vector(
        [...Array(100).keys()].map((at) => [at, 1]),
        100,
      ),
    };
    expect(() => evaluateSparse(parseAssignment("X(i,j) = a(i) * a(j)"), many, { maximumPoints: 1000 })).toThrow(
      "more than 1000 nonzero points",
    );
  });
});

describe("differenceOf", () => {
  const list = (...rows: number[][]): CoordinateList => coordinateList([3, 3], rows);

  test("takes missing entries for zeros, adds duplicates up and ignores order", () => {
    const facts = differenceOf(list([2, 1, 4], [0, 0, 1], [0, 0, 1], [1, 1, 0]), list([0, 0, 2], [2, 1, 4]), 0);
    expect(facts).toEqual({ compared: 3, differing: 0, differences: [], largestError: 0 });
  });

  test("lists the first places that differ", () => {
    const facts = differenceOf(list([0, 1, 1], [2, 2, 8]), list([1, 0, 3], [2, 2, 4]), 1e-9);
    expect(facts).toMatchObject({ compared: 3, differing: 3, largestError: 1 });
    expect(facts.differences).toEqual([
      { coordinates: [0, 1], found: 1, expected: 0 },
      { coordinates: [1, 0], found: 0, expected: 3 },
      { coordinates: [2, 2], found: 8, expected: 4 },
    ]);
  });

  test("NaN equals NaN alone", () => {
    expect(differenceOf(list([0, 0, Number.NaN]), list([0, 0, Number.NaN]), 0).differing).toBe(0);
    expect(differenceOf(list([0, 0, Number.NaN]), list([0, 0, 1]), 1e9).largestError).toBe(Number.POSITIVE_INFINITY);
  });

  test("refuses other shapes", () => {
    expect(() => differenceOf(list(), coordinateList([3], []), 0)).toThrow(
      "shape [3, 3] cannot equal one of shape [3]",
    );
  });

  test("finds exactly the differences of two random lists", () => {
    fc.assert(
      fc.property(lists([3, 4]), lists([3, 4]), (a, b) => {
        const [left, right] = [dense(a).values, dense(b).values];
        const expected = left.filter((value, at) => value !== right[at]).length;
        expect(differenceOf(a, b, 0).differing).toBe(expected);
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});
