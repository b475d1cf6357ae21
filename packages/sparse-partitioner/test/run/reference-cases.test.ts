import { describe, expect, it } from "vitest";
import { type Engine, interpreterEngine, wasmEngine } from "../../src/run/engine.ts";
import { compileKernel } from "../../src/run/kernel.ts";
import {
  arraysOf,
  expectedOf,
  nonzerosOf,
  operandsOf,
  referenceCases,
  resultFormatOf,
} from "../support/reference-cases.ts";

/** Results whose structure follows from that of the operands alone: every variable of the right side is in the result. */
const isElementwise = (expr: string): boolean => {
  const [left, right] = expr.split("=") as [string, string];
  const names = (text: string): string[] => [...text.matchAll(/\(([^()]*)\)/g)].flatMap(([, list]) => list!.split(","));
  return names(right).every((name) => names(left).includes(name));
};

const engines: readonly Engine[] = [interpreterEngine, wasmEngine()];
const runs = engines.flatMap((engine) =>
  [1, 2, 7, 64].map((units) => ({ engine, units, name: `${engine.target}, ${units} units` })),
);

describe("the reference cases", () => {
  it.each(runs)("give the expected values on $name, within the bound", async ({ engine, units }) => {
    for (const each of referenceCases) {
      const kernel = compileKernel(each.expr, {
        operands: operandsOf(each),
        resultFormat: resultFormatOf(each),
        engine,
      });
      const { result, statistics } = await kernel.run({ units, statistics: true });
      expect(nonzerosOf(result), `case ${each.id}: ${each.expr}`).toEqual(expectedOf(each));
      const { unitWork, work, bound } = statistics!;
      expect(Math.max(...unitWork), `case ${each.id}`).toBeLessThanOrEqual(bound);
      expect(unitWork.reduce((sum, part) => sum + part, 0)).toBe(work);
    }
  });

  it("store the same levels as the reference where nothing is summed", async () => {
    let compared = 0;
    for (const each of referenceCases) {
      if (each.taco.result === undefined || !isElementwise(each.expr)) continue;
      const kernel = compileKernel(each.expr, { operands: operandsOf(each), resultFormat: resultFormatOf(each) });
      for (const units of [1, 7]) {
        const { result } = await kernel.run({ units });
        expect(arraysOf(result), `case ${each.id}: ${each.expr}`).toEqual(each.taco.result.levels);
      }
      compared += 1;
    }
    expect(compared).toBeGreaterThan(90);
  });

  it("include those that the reference could not do", () => {
    const undone = referenceCases.filter(({ taco }) => taco.status === "unsupported");
    expect(undone.map(({ tag }) => tag).sort()).toEqual(
      ["mat-add-T-cycle", "masked-spgemm", "matmul", "sddmm", "ttm-sparse"].sort(),
    );
  });

  it("keep an entry whose values cancel", async () => {
    const cancel = referenceCases.find(({ kind }) => kind === "cancel")!;
    const kernel = compileKernel(cancel.expr, { operands: operandsOf(cancel), resultFormat: resultFormatOf(cancel) });
    const { result } = await kernel.run({ units: 3 });
    expect(result.values.length).toBe(cancel.taco.stored);
    expect([...result.values].filter((value) => value !== 0)).toEqual([]);
  });
});
