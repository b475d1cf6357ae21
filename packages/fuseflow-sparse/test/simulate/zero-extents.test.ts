import { evaluateDense, parseAssignment, spread, unpack } from "@millrace/tensor";
import { expect, test } from "vitest";
import { lowerExpression } from "../../src/lower/lower-expression.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { store } from "../support/random-programs.ts";

interface Row {
  readonly text: string;
  readonly order: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

const rows: readonly Row[] = [
  { text: "X(i,j) = B(i,k) * C(k,j)", order: "ijk", shapes: { B: [3, 2], C: [2, 0] } },
  { text: "X(i,j) = B(i,k) * C(k,j)", order: "ijk", shapes: { B: [3, 0], C: [0, 4] } },
  { text: "X(i,j) = B(i,k) * C(k,j)", order: "ikj", shapes: { B: [0, 2], C: [2, 4] } },
  { text: "X(i,j) = B(i,j) * C(i,k) * D(k,j)", order: "ijk", shapes: { B: [3, 0], C: [3, 2], D: [2, 0] } },
  { text: "Y(i,k) = T(i,j,k,l)", order: "ijkl", shapes: { T: [3, 0, 0, 2] } },
  { text: "y(i) = T(i,j,k)", order: "ijk", shapes: { T: [3, 0, 2] } },
  { text: "y = B(i,j)", order: "ij", shapes: { B: [0, 2] } },
];

test.each(rows)("$text gives the dense result where an index has no values: $shapes", ({ text, order, shapes }) => {
  for (const kind of ["d", "s"]) {
    const formats = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, kind.repeat(shape.length)]),
    );
    const { graph } = lowerExpression(text, { formats, order: [...order] });
    const arrays = Object.entries(shapes).map(([name, shape]) => {
      const values = new Float64Array(shape.reduce((product, extent) => product * extent, 1)).fill(1);
      return [name, { shape, valueType: "float64" as const, values }] as const;
    });
    const operands = Object.fromEntries(
      arrays.map(([name, { shape, values }]) => {
        const { levels, modeOrder } = graph.tensors[name]!;
        const format = `${levels.map((level) => (level[0] === "d" ? "d" : "s")).join("")}${modeOrder.join("")}`;
        return [name, store(shape, [...values], format)];
      }),
    );
    const expected = evaluateDense(parseAssignment(text), Object.fromEntries(arrays));
    for (const profile of ["comal", "sam-sync"] as const) {
      const [output] = Object.values(simulateSam(graph, operands, { profile }).outputs);
      expect(output!.shape).toEqual(expected.shape);
      expect([...spread(unpack(output!)).values]).toEqual([...expected.values]);
    }
  }
});
