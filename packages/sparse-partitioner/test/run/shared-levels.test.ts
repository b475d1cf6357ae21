import {
  coordinateList,
  evaluateDense,
  type Level,
  pack,
  parseAssignment,
  parseFormat,
  type Tensor,
  uniformTensor,
} from "@millrace/tensor";
import { expect, it } from "vitest";
import { interpreterEngine, wasmEngine } from "../../src/run/engine.ts";
import { compileKernel } from "../../src/run/kernel.ts";
import { denseResult } from "../support/random-kernel.ts";

const tensor = (shape: number[], share: number, format: string, seed: number): Tensor => {
  const entries = Math.round(share * shape.reduce((size, extent) => size * extent, 1));
  return pack(uniformTensor({ shape, entries, seed }), parseFormat(format, shape.length));
};

const cube = tensor([9, 8, 7], 0.2, "sss", 1);
const matrix = tensor([12, 8], 0.25, "ds", 2);
const vector = (size: number, seed: number): Tensor => tensor([size], 1, "d", seed);
const panel = (rows: number, columns: number, seed: number): Tensor => tensor([rows, columns], 1, "dd", seed);

/** Kernels whose result has upper levels of `A`, and how many of them. */
const sharing = [
  { text: "Y(i,j) = A(i,j,k) * x(k)", operands: { A: cube, x: vector(7, 3) }, format: "ss", levels: 2 },
  { text: "Y(i) = A(i,j,k) * x(k)", operands: { A: cube, x: vector(7, 3) }, format: "s", levels: 1 },
  { text: "Y(i,j,l) = A(i,j,k) * X(k,l)", operands: { A: cube, X: panel(7, 5, 4) }, format: "ssd", levels: 2 },
  {
    text: "Y(i,j) = A(i,j) * B(i,k) * C(j,k)",
    operands: { A: matrix, B: panel(12, 3, 5), C: panel(8, 3, 6) },
    format: "ds",
    levels: 2,
  },
  { text: "Y(i,j) = -A(i,j) / x(j)", operands: { A: matrix, x: vector(8, 7) }, format: "ds", levels: 2 },
  { text: "Y(i,j,l) = A(i,j) * x(l)", operands: { A: matrix, x: vector(4, 9) }, format: "dsd", levels: 2 },
];

const arraysOf = (levels: readonly Level[]): (Int32Array | string)[] =>
  levels.flatMap((level): (Int32Array | string)[] =>
    level.kind === "compressed" ? [level.positions, level.coordinates] : [level.kind],
  );

it("a result that is stored as an operand is has that operand's own level arrays, in any number of units", async () => {
  for (const engine of [interpreterEngine, wasmEngine({ checked: true })])
    for (const { text, operands, format, levels } of sharing) {
      const rank = format.length;
      const kernel = compileKernel(text, { operands, engine, resultFormat: parseFormat(format, rank) });
      const dense = Object.fromEntries(Object.entries(operands).map(([name, each]) => [name, denseResult(each)]));
      const expected = evaluateDense(parseAssignment(text), dense);
      for (const units of [1, 2, 7, 300]) {
        const { result } = await kernel.run({ units });
        const label = `${text}, ${engine.target}, ${units} units`;
        const found = [...denseResult(result).values];
        for (const [at, value] of found.entries()) expect(value, label).toBeCloseTo(expected.values[at]!, 12);
        const own = arraysOf(operands.A.levels.slice(0, levels));
        const shared = arraysOf(result.levels.slice(0, levels));
        for (const [at, array] of shared.entries()) expect(array, label).toBe(own[at]);
      }
    }
});

it("an entry below which there is nothing is left out, so that nothing is shared", async () => {
  const positions = Int32Array.of(0, 2, 2, 3);
  const A: Tensor = {
    shape: [5, 6],
    format: parseFormat("ss", 2),
    levels: [
      { kind: "compressed", size: 5, positions: Int32Array.of(0, 3), coordinates: Int32Array.of(0, 2, 4) },
      { kind: "compressed", size: 6, positions, coordinates: Int32Array.of(1, 5, 3) },
    ],
    valueType: "float64",
    values: Float64Array.of(1, 2, 3),
  };
  for (const units of [1, 2, 9]) {
    const options = { operands: { A, x: vector(6, 1) }, resultFormat: parseFormat("s", 1) };
    const { result } = await compileKernel("y(i) = A(i,j) * x(j)", options).run({ units });
    const [level] = result.levels;
    expect(level?.kind === "compressed" && [...level.coordinates]).toEqual([0, 4]);
  }
});

it("loops in several phases, which stand elsewhere, share nothing and give the same", async () => {
  const options = { operands: { A: cube, X: panel(7, 5, 4) }, resultFormat: parseFormat("ssd", 3) };
  const text = "Y(i,j,l) = A(i,j,k) * X(k,l)";
  const { result: shared } = await compileKernel(text, options).run();
  for (const units of [1, 4, 17]) {
    const { result } = await compileKernel(text, { ...options, order: ["i", "j", "l", "k"] }).run({ units });
    const expected = [...denseResult(shared).values];
    for (const [at, value] of denseResult(result).values.entries()) expect(value).toBeCloseTo(expected[at]!, 12);
  }
});

it("what lies below an extent of 0 is nothing, so that no entry is kept", async () => {
  const none = pack(coordinateList([0], []), parseFormat("d", 1));
  const options = { operands: { A: matrix, x: none }, resultFormat: parseFormat("dsd", 3) };
  const { result } = await compileKernel("Y(i,j,l) = A(i,j) * x(l)", options).run({ units: 3 });
  const [, level] = result.levels;
  expect(level?.kind === "compressed" && level.coordinates.length).toBe(0);
});
