import {
  type DenseArray,
  evaluateDense,
  nonzerosOf,
  pack,
  parseAssignment,
  parseFormat,
  type Tensor,
} from "@millrace/tensor";
import fc from "fast-check";
import { lowerExpression } from "../../src/lower/lower-expression.ts";
import type { SamGraph } from "../../src/sam/graph.ts";

/** An expression, its loop order where it matters, and formats of operands. */
interface Template {
  readonly text: string;
  readonly order?: readonly string[];
  readonly formats?: Readonly<Record<string, string>>;
  readonly locate?: boolean;
}

const templates: readonly Template[] = [
  { text: "x(i) = B(i,j) * c(j)" },
  { text: "x = B(i,j) * C(i,j)" },
  { text: "X(i,j) = B(i,j) + C(i,j)" },
  { text: "X(i,j,k) = B(i,j,k) + C(i,j,k)" },
  { text: "X(i,j,k) = B(i,j,k) + C(i,j,k) + D(i,j,k)" },
  { text: "x(i) = b(i) - C(i,j) * d(j)" },
  { text: "X(i,j) = B(i,k) * C(k,j)", order: ["i", "k", "j"] },
  { text: "X(i,j) = B(i,k) * C(k,j)", order: ["i", "j", "k"] },
  { text: "X(i,j) = B(i,k) * C(k,j)", order: ["k", "i", "j"] },
  { text: "X(i,j) = B(i,j) * C(i,k) * D(k,j)" },
  { text: "X(i,j) = B(i,k,l) * C(j,k) * D(j,l)" },
  { text: "X(i,j) = B(i,j) * C(i,j)", formats: { B: "ss", C: "dd" }, locate: true },
  { text: "X(i,j) = B(i,j) * C(i,k) * D(j,k)", formats: { B: "ss", C: "dd", D: "dd" }, locate: true },
  { text: "Y(i,j,k) = a(l) * B(l,i,j,k)", order: ["l", "i", "j", "k"] },
  { text: "Y(i,j) = A(l,k) * B(k,i) * C(k,j)", order: ["l", "k", "i", "j"] },
];

/** A graph with random operands, sparse enough for whole fibres to be empty. */
export interface RandomProgram {
  readonly graph: SamGraph;
  readonly operands: Record<string, Tensor>;
  /** The result by dense evaluation. */
  readonly expected: DenseArray;
}

const extent = fc.integer({ min: 1, max: 5 });
// Small integers: sums are exact in any order.
const cell = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: -4, max: 4 }) },
);

/** Programs from a list of expressions, on random operands. */
export const randomProgram: fc.Arbitrary<RandomProgram> = fc
  .record({ template: fc.constantFrom(...templates), extents: fc.array(extent, { minLength: 4, maxLength: 4 }) })
  .chain(({ template, extents }) => {
    const { graph } = lowerExpression(template.text, template);
    const assignment = parseAssignment(template.text);
    const sizes = new Map(["i", "j", "k", "l"].map((index, place) => [index, extents[place]!]));
    const accesses = [...template.text.split("=")[1]!.matchAll(/(\w+)\(([^)]*)\)/g)];
    const shapes = new Map(
      accesses.map(([, name, indices]) => [name!, indices!.split(",").map((index) => sizes.get(index.trim())!)]),
    );
    const cells = [...shapes].map(([name, shape]) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return fc.array(cell, { minLength: count, maxLength: count }).map((values) => [name, values] as const);
    });
    return fc.tuple(...cells).map((drawn): RandomProgram => {
      const arrays = new Map(
        drawn.map(([name, values]) => [name, { shape: shapes.get(name)!, values: Float64Array.from(values) }]),
      );
      const operands = Object.fromEntries(
        [...arrays].map(([name, { shape, values }]) => {
          const { levels, modeOrder } = graph.tensors[name]!;
          const format = { levels: levels.map((kind) => ({ kind })), modeOrder };
          return [name, pack(nonzerosOf({ shape, valueType: "float64", values }), format)];
        }),
      );
      return { graph, operands, expected: evaluateDense(assignment, Object.fromEntries(arrays)) };
    });
  });

/** A tensor from dense values, stored as `format` says. */
export function store(shape: readonly number[], values: readonly number[], format: string): Tensor {
  return pack(nonzerosOf({ shape, valueType: "float64", values: Float64Array.from(values) }), parseFormat(format));
}
