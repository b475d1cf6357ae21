import { coordinateList, pack, parseFormat, type Tensor, unpack } from "@millrace/tensor";
import { expect, it } from "vitest";
import { compileKernel } from "../../src/run/kernel.ts";
import { Draws, denseResult } from "../support/random-kernel.ts";

const formats = ["CSR", "CSC", "DCSR", "COO", "bd", "sb", "dense", "DOK", "BCSR(2x3)", "sd"];

it("the same sum of two matrices comes out in every pair of formats, in every format", async () => {
  const draws = new Draws(9);
  const rows = () => Array.from({ length: 60 }, () => [draws.below(8), draws.below(9), (draws.below(17) - 8) / 4]);
  const [a, b] = [coordinateList([8, 9], rows()), coordinateList([8, 9], rows())];
  const store = (list: typeof a, format: string): Tensor => pack(list, parseFormat(format, 2));
  const sum = (A: Tensor, B: Tensor, format: string, units: number) =>
    compileKernel("C(i,j) = A(i,j) + B(i,j)", { operands: { A, B }, resultFormat: parseFormat(format, 2) }).run({
      units,
    });
  const expected = [...denseResult((await sum(store(a, "dense"), store(b, "dense"), "dense", 1)).result).values];
  for (const [at, first] of formats.entries())
    for (const second of formats) {
      const wanted = formats[(at + formats.indexOf(second)) % formats.length]!;
      const { result } = await sum(store(a, first), store(b, second), wanted, 3);
      expect([...denseResult(result).values], `${first} + ${second} in ${wanted}`).toEqual(expected);
    }
});

it("repeated coordinates of a list are added up", async () => {
  const twice = coordinateList(
    [4, 4],
    [
      [1, 2, 1],
      [1, 2, 2],
      [3, 0, 4],
    ],
  );
  const A = pack(twice, parseFormat("COO", 2), { duplicates: "keep" });
  const x = pack(
    coordinateList(
      [4],
      [
        [0, 1],
        [1, 1],
        [2, 10],
        [3, 1],
      ],
    ),
    parseFormat("d"),
  );
  const { result } = await compileKernel("y(i) = A(i,j) * x(j)", {
    operands: { A, x },
    resultFormat: parseFormat("d"),
  }).run({ units: 5 });
  expect([...result.values]).toEqual([0, 30, 0, 4]);
});

it("operands without entries, and empty rows at both ends, are exact in any number of units", async () => {
  const middle = coordinateList(
    [9, 5],
    [
      [4, 1, 2],
      [4, 3, 3],
      [5, 0, 4],
    ],
  );
  const none = coordinateList([9, 5], []);
  for (const units of [1, 2, 3, 100]) {
    const kernel = compileKernel("C(i,j) = A(i,j) + B(i,j)", {
      operands: { A: pack(middle, parseFormat("CSR")), B: pack(none, parseFormat("CSR")) },
      resultFormat: parseFormat("CSR"),
    });
    const { result, statistics } = await kernel.run({ units, statistics: true });
    const level = result.levels[1] as { positions: Int32Array };
    expect([...level.positions]).toEqual([0, 0, 0, 0, 0, 2, 3, 3, 3, 3]);
    expect(statistics!.unitWork).toHaveLength(units);
    const empty = await compileKernel("C(i,j) = A(i,j) * B(i,j)", {
      operands: { A: pack(none, parseFormat("ss")), B: pack(none, parseFormat("ss")) },
      resultFormat: parseFormat("ss"),
    }).run({ units });
    expect(unpack(empty.result).values.length).toBe(0);
    expect([...(empty.result.levels[0] as { positions: Int32Array }).positions]).toEqual([0, 0]);
  }
});

it("level arrays that would lead a kernel astray are refused", () => {
  const A = pack(
    coordinateList(
      [3, 3],
      [
        [0, 1, 1],
        [2, 2, 1],
      ],
    ),
    parseFormat("CSR"),
  );
  const [rows, columns] = A.levels as [Tensor["levels"][0], Extract<Tensor["levels"][0], { kind: "compressed" }>];
  const broken = { ...A, levels: [rows, { ...columns, coordinates: Int32Array.of(1, 7) }] };
  expect(() => compileKernel("y(i) = A(i,j)", { operands: { A: broken } })).toThrow(/A is not well-formed/);
});

it("complex operands are refused", () => {
  const A = pack(coordinateList([2], [[0, 1, 2]], "complex128"), parseFormat("s"));
  expect(() => compileKernel("y(i) = A(i)", { operands: { A } }).firstStage()).toThrow(/complex/);
});
