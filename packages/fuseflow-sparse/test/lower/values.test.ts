import {
  type CoordinateList,
  type DenseArray,
  evaluateDense,
  nonzerosOf,
  pack,
  parseAssignment,
  spread,
  unpack,
} from "@millrace/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type LowerOptions, lowerExpression, validateGraph } from "../../src/index.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";

const extents: Readonly<Record<string, number>> = { i: 5, j: 6, k: 4, l: 3 };

const kernels: readonly (readonly [string, readonly string[]])[] = [
  ["y(i) = A(i,j) * x(j)", ["ij", "ji"]],
  ["X(i,j) = B(i,k) * C(k,j)", ["ikj", "ijk", "kij", "jik", "kji", "jki"]],
  ["X(i,j) = B(i,j) * C(i,k) * D(k,j)", ["ijk", "ikj", "kij"]],
  ["X(i,j) = B(i,k,l) * C(k,j) * D(l,j)", ["iklj", "ijkl", "klij", "kilj"]],
  ["X(i,j) = A(i,j) + B(i,j) + C(i,j)", ["ij", "ji"]],
  ["X(i,k) = A(i,j,k) * x(j)", ["ijk", "jik"]],
  ["x(i) = b(i) - C(i,j) * d(j)", ["ij", "ji"]],
  ["x(i) = alpha * B(j,i) * c(j) + beta * d(i)", ["ij", "ji"]],
  ["X(i,j) = B(i,k) * C(k,j) + D(i,j)", ["ikj", "ijk", "jik"]],
  ["x(i) = a(i) * b(i) + c(i) * d(i) - 2 * e(i)", ["i"]],
  ["x(i) = (a(i) + b(i)) * c(i) / beta", ["i"]],
  ["s = A(i,j) * B(i,j)", ["ij", "ji"]],
  ["s = -alpha * beta", [""]],
  ["X(i,l) = A(i,j) * B(j,k) * C(k,l)", ["ijkl", "ilkj", "jkil", "ikjl", "lkji"]],
  ["X(i,j,k) = A(i,j,k) + B(i,j,k)", ["ijk", "kji"]],
  ["y(i) = A(i,j) + B(i,j) * x(j)", ["ij"]],
];

function operandOf(shape: readonly number[]): fc.Arbitrary<CoordinateList> {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (shape.length === 0) {
    return fc
      .integer({ min: 1, max: 4 })
      .map((scalar) => nonzerosOf({ shape, valueType: "float64", values: Float64Array.of(2 ** scalar) }));
  }
  const value = fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -4, max: 4 }) },
  );
  return fc
    .array(value, { minLength: size, maxLength: size })
    .map((cells) => nonzerosOf({ shape, valueType: "float64", values: Float64Array.from(cells) }));
}

interface Draw {
  readonly formats: Record<string, string>;
  readonly operands: Record<string, CoordinateList>;
  readonly locate: boolean;
  readonly profile: "comal" | "sam-sync";
}

function draws(text: string): fc.Arbitrary<Draw> {
  const { graph } = lowerExpression(text);
  const result = parseAssignment(text).output.tensor;
  const names = Object.keys(graph.tensors).filter((name) => name !== result);
  const shapes = Object.fromEntries(names.map((name) => [name, shapeOf(text, name)]));
  const format = (name: string): fc.Arbitrary<string> => {
    const { length } = shapes[name]!;
    return length === 0
      ? fc.constant("none")
      : fc.array(fc.constantFrom("d", "s"), { minLength: length, maxLength: length }).map((kinds) => kinds.join(""));
  };
  return fc.record({
    formats: fc.record(Object.fromEntries(names.map((name) => [name, format(name)]))),
    operands: fc.record(Object.fromEntries(names.map((name) => [name, operandOf(shapes[name]!)]))),
    locate: fc.boolean(),
    profile: fc.constantFrom("comal", "sam-sync"),
  });
}

function shapeOf(text: string, name: string): number[] {
  const indices = new RegExp(`\\b${name}\\(([a-z,]*)\\)`).exec(text)?.[1] ?? "";
  return indices === "" ? [] : indices.split(",").map((index) => extents[index]!);
}

function denseOf(list: CoordinateList): DenseArray {
  const { shape, values } = spread(list);
  return { shape, values: Float64Array.from(values) };
}

function check(text: string, order: string, { formats, operands, locate, profile }: Draw): void {
  const options: LowerOptions = { formats, locate, order: [...order] };
  const { graph } = lowerExpression(text, options);
  const stored = Object.fromEntries(
    Object.entries(operands).map(([name, list]) => {
      const { levels, modeOrder } = graph.tensors[name]!;
      return [name, pack(list, { levels: levels.map((kind) => ({ kind })), modeOrder })];
    }),
  );
  expect(validateGraph(graph)).toEqual([]);
  const { outputs, report } = simulateSam(graph, stored, { profile });
  expect(report.deadlock).toBeNull();
  const assignment = parseAssignment(text);
  const dense = evaluateDense(
    assignment,
    Object.fromEntries(Object.entries(operands).map(([name, list]) => [name, denseOf(list)])),
  );
  const result = spread(unpack(outputs[assignment.output.tensor]!));
  expect(result.shape).toEqual(dense.shape);
  expect(Array.from(result.values, (value) => value + 0)).toEqual(Array.from(dense.values, (value) => value + 0));
}

for (const [text, orders] of kernels) {
  test(`${text} has its dense value in every order, format and profile`, () => {
    for (const order of orders) {
      fc.assert(
        fc.property(draws(text), (draw) => check(text, order, draw)),
        { seed: 11, numRuns: 25 },
      );
    }
  });
}
