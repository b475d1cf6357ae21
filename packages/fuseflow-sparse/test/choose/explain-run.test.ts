import { type Tensor, unpack } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { explainRun, type RegionExplanation } from "../../src/choose/explain-run.ts";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { type ProgramRun, simulateProgram } from "../../src/compile/simulate-program.ts";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import type { RegionSchedule } from "../../src/schedule/schedule.ts";
import { type ModelCase, modelCases } from "../support/library-models.ts";

function runOf({ model, operands }: ModelCase, regions: readonly RegionSchedule[]): ProgramRun {
  const stored = new Map(Object.entries(operands).map(([name, tensor]) => [name, storedTensor(tensor)]));
  return simulateProgram(compileProgram(model.program, { schedule: { regions }, stored }), operands);
}

describe.each(modelCases)("$name", (each) => {
  const { regions } = each.model;
  const alone = runOf(each, regions.unfused);

  test.each(["partial", "full"] as const)(
    "does more work %s than with its regions ended where that is advised",
    (granularity) => {
      const run = runOf(each, regions[granularity]);
      for (const { region, sentences } of explainRun(run, alone)) {
        const end = /End a region after (\w+)/.exec(sentences.at(-1)!)?.[1];
        if (end === undefined) continue;
        const split = regions[granularity].flatMap((whole): RegionSchedule[] => {
          const at = whole.tensors.indexOf(end) + 1;
          if (whole.name !== region || at === 0) return [whole];
          const [before, after] = [whole.tensors.slice(0, at), whole.tensors.slice(at)];
          return [
            { name: "before", tensors: before },
            { name: "after", tensors: after },
          ];
        });
        const moved = runOf(each, split);
        const flops = (of: ProgramRun): number => of.regions.reduce((sum, one) => sum + one.flops, 0);
        expect(flops(moved)).toBeLessThan(flops(run));
      }
    },
  );

  test("computes nothing again with every statement alone", () => {
    for (const { recomputed } of explainRun(alone, alone)) expect(recomputed).toEqual([]);
  });
});

/** Columns of each row of a matrix. */
function rowsOf(tensor: Tensor): readonly (readonly number[])[] {
  const { coordinates } = unpack(tensor);
  const rows = Array.from({ length: tensor.shape[0]! }, (): number[] => []);
  for (const [entry, row] of [...coordinates[0]!].entries()) rows[row]!.push(coordinates[1]![entry]!);
  return rows;
}

test("a fused GCN computes its first product once for every neighbour, as counted from the graph", () => {
  const gcn = modelCases.find(({ name }) => name === "gcn")!;
  const [explained] = explainRun(runOf(gcn, gcn.model.regions.full), runOf(gcn, gcn.model.regions.unfused));
  const [A, X] = [rowsOf(gcn.operands.A!), rowsOf(gcn.operands.X!)];
  // Products of a row: the entries of X in the rows of its neighbours; each is multiplied and added.
  const products = A.map((neighbours) => neighbours.reduce((sum, k) => sum + X[k]!.length, 0));
  const total = (row: (i: number) => number): number => A.reduce((sum, _, i) => sum + row(i), 0);
  const once = 2 * total((i) => products[i]!);
  const operations = 2 * total((i) => A[i]!.reduce((sum, k) => sum + products[k]!, 0));
  const found = explained!.recomputed.find(({ tensor }) => tensor === "adj1")!;
  expect(found).toEqual({ tensor: "adj1", times: operations / once, operations, once, cause: "loops" });
  expect(explained!.sentences).toContain(
    `adj1 is computed ${(operations / once).toFixed(1)} times (${operations} operations instead of ${once}): its loops lie inside loops that it does not depend on.`,
  );
  expect(explained!.sentences.at(-1)).toBe("End a region after relu1: it is then computed once and read from memory.");
});

test("a decoder says what it computes for each use, and what block waits for what", () => {
  const gpt = modelCases.find(({ name }) => name === "gpt")!;
  const explained = explainRun(runOf(gpt, gpt.model.regions.full), runOf(gpt, gpt.model.regions.unfused));
  const all = explained.flatMap(({ recomputed }: RegionExplanation) => recomputed);
  expect(all.find(({ tensor }) => tensor === "mid1")).toMatchObject({ cause: "uses", times: 2 });
  expect(all.some(({ tensor }) => tensor === "out1")).toBe(false);
  expect(explained.flatMap(({ sentences }) => sentences).join(" ")).toMatch(
    /waits for tokens in \d+ % of the cycles, starved by/,
  );
});
