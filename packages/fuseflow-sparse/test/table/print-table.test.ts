import { describe, expect, test } from "vitest";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { compileRegion } from "../../src/compile/compile-region.ts";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import { expandRegion } from "../../src/fuse/expand.ts";
import { parseProgram } from "../../src/program/parse-program.ts";
import { lowerRegion } from "../../src/region/lower-region.ts";
import { fusionTable } from "../../src/table/build-table.ts";
import type { FusionTable } from "../../src/table/fusion-table.ts";
import { printFusionTable } from "../../src/table/print-table.ts";
import { modelCases } from "../support/library-models.ts";

function tableOf(statements: string, order: readonly string[]): FusionTable {
  const program = parseProgram(statements);
  const tensors = program.statements.map(({ tensor }) => tensor);
  return fusionTable(expandRegion(program, { name: "r", tensors }), order, compileProgram(program).tensors);
}

test("a product by rows prints as in figure 9", () => {
  const table = tableOf("input B(4,4): ss\ninput C(4,4): ss\nT(i,j) = B(i,k) * C(k,j)", ["i", "k", "j"]);
  expect(cellsOf(table)).toEqual([
    ["", "B(i,k)", "C(k,j)", "T(i,j)"],
    ["i", "LS(root)", "Rep(root,<B_i>)", "<B_i>"],
    ["k", "LS(<B_i>) ∩", "LS(<C_i>) ∩", "<T_i>"],
    ["j", "Rep(<B_k>,<C_j>)", "LS(<C_k>)", "Red1_k[crd0]"],
    ["val", "Val", "Val", "Red1_k[val]"],
  ]);
});

test("the neighbour term of GraphSAGE prints as in figure 20", () => {
  const text = `input A(4,4): ss\ninput X(4,4): ss\ninput W(4,4): ss
T0(i,m) = A(i,l) * X(l,m)\nT(i,j) = T0(i,m) * W(m,j)`;
  expect(cellsOf(tableOf(text, ["i", "l", "m", "j"]))).toEqual([
    ["", "A(i,l)", "X(l,m)", "T0(i,m)", "W(m,j)", "T(i,j)"],
    ["i", "LS(root)", "Rep(root,<A_i>)", "<A_i>", "Rep(root,<T0_i>)", "<T0_i>"],
    ["l", "LS(<A_i>) ∩", "LS(<X_i>) ∩", "<T0_i>", "<W_i>", "<T_i>"],
    ["m", "Rep(<A_l>,<X_m>)", "LS(<X_l>)", "Red1_l[crd0] ∩", "LS(<W_l>) ∩", "<T_l>"],
    ["j", "<A_m>", "<X_m>", "<T0_m>", "LS(<W_m>)", "Red1_m[crd0]"],
    ["val", "Val", "Val", "Rep(Red1_l[val],<W_j>)", "Val", "Red1_m[val]"],
  ]);
});

test("two views of one tensor have a column each, and are told apart", () => {
  const text = "input B(4,4): ss\ninput C(4,4): ss\nA(i,j) = B(i,k) * C(k,j)\nE(i,l) = B(i,j) * A(j,l)";
  const program = parseProgram(text);
  const region = expandRegion(program, { name: "r", tensors: ["A", "E"] });
  const [headings] = cellsOf(fusionTable(region, region.variables, compileProgram(program).tensors));
  expect(headings!.filter((heading) => heading.startsWith("B"))).toEqual(["B(j,k)", "B'2(i,j)"]);
});

test("a table too wide for a line goes on below", () => {
  const table = tableOf("input B(4,4): ss\ninput C(4,4): ss\nT(i,j) = B(i,k) * C(k,j)", ["i", "k", "j"]);
  const lines = printFusionTable(table, { width: 45 }).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(45);
  expect(lines.filter((line) => line.startsWith("val"))).toHaveLength(2);
});

/** The table printed, as rows of cells. */
function cellsOf(table: FusionTable): string[][] {
  const lines = printFusionTable(table, { width: Number.POSITIVE_INFINITY }).trimEnd().split("\n");
  return lines.map((line) => line.split("|").map((cell) => cell.trim()));
}

const regions = modelCases.flatMap(({ name, model, operands }) =>
  Object.entries(model.regions).flatMap(([granularity, all]) =>
    all.map((region) => ({ name, granularity, region, model, operands })),
  ),
);

describe.each(regions)("$name $granularity, region $region.name", ({ region, model, operands }) => {
  test("has a cell for each scanner, repeater and accumulator that lowering makes", () => {
    const { program } = model;
    const stored = new Map(Object.entries(operands).map(([input, tensor]) => [input, storedTensor(tensor)]));
    const { tensors } = compileProgram(program, { schedule: { regions: model.regions.unfused }, stored });
    const compiled = compileRegion(region, {
      program,
      tensors,
      locate: false,
      results: "auto",
      guides: true,
      observe: () => {},
    });
    if (!("order" in compiled)) return;
    const { order } = compiled;
    const fused = compiled.region;
    const table = fusionTable(fused, order, tensors);
    const { blocks } = lowerRegion(fused, { order, tensors, results: "auto", guides: "needed" });
    const made = { scan: 0, repeat: 0, sum: 0 };
    for (const output of fused.outputs) {
      const counts = blocksBehind(table, columnOf(table, output));
      for (const kind of ["scan", "repeat", "sum"] as const) made[kind] += counts[kind];
    }
    const fills = (block: (typeof blocks)[number]["block"]): boolean =>
      "tensor" in block && block.tensor.startsWith("every-");
    const count = (type: string): number => blocks.filter(({ block }) => block.type === type && !fills(block)).length;
    expect(made).toEqual({ scan: count("scanner"), repeat: count("repeat"), sum: count("spacc") });
  });
});

function columnOf(table: FusionTable, { tensor, indices }: { tensor: string; indices: readonly string[] }): number {
  return table.columns.findLastIndex(
    ({ name, variables, again }) =>
      again === null && name === tensor && [...variables].sort().join() === [...indices].sort().join(),
  );
}

/** Blocks that the values of a column are made with, every use of a result counted, as lowering builds them. */
function blocksBehind(table: FusionTable, at: number): { scan: number; repeat: number; sum: number } {
  const use = table.columns[at]!;
  const { cells, value, variables } = use.again === null ? use : table.columns[use.again]!;
  const of = (kind: string): number => cells.filter((cell) => cell.kind === kind).length;
  const total = { scan: of("scan"), repeat: of("repeat") + use.repeats.length, sum: 0 };
  if (value!.kind === "sum") {
    const place = (variable: string): number => table.rows.indexOf(variable);
    total.sum = value!.over.filter((over) => variables.some((kept) => place(kept) > place(over))).length;
  }
  const operands = value!.kind === "read" ? [] : value!.kind === "sum" ? value!.of.operands : value!.operands;
  for (const operand of operands) {
    const inner = blocksBehind(table, operand);
    for (const kind of ["scan", "repeat", "sum"] as const) total[kind] += inner[kind];
  }
  return total;
}
