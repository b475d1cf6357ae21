import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeHost } from "@millrace/loop-ir";
import { afterAll, describe, expect, it } from "vitest";
import { cEngine, type Engine, interpreterEngine, wasmEngine } from "../../src/run/engine.ts";
import { compileKernel } from "../../src/run/kernel.ts";
import {
  arraysOf,
  expectedOf,
  nonzerosOf,
  operandsOf,
  type ReferenceCase,
  referenceCases,
  resultFormatOf,
} from "../support/reference-cases.ts";

/** Results whose structure follows from that of the operands alone: every variable of the right side is in the result. */
const isElementwise = (expr: string): boolean => {
  const [left, right] = expr.split("=") as [string, string];
  const names = (text: string): string[] => [...text.matchAll(/\(([^()]*)\)/g)].flatMap(([, list]) => list!.split(","));
  return names(right).every((name) => names(left).includes(name));
};

const folder = mkdtempSync(join(tmpdir(), "kernels-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engines: readonly Engine[] = [interpreterEngine, wasmEngine(), wasmEngine({ checked: true })];

async function runAll(engine: Engine, cases: readonly ReferenceCase[]): Promise<void> {
  for (const each of cases) {
    const operands = operandsOf(each);
    const kernel = compileKernel(each.expr, { operands, resultFormat: resultFormatOf(each), engine });
    for (const units of [1, 2, 7, 64]) {
      // Counting the steps compiles more loops; the interpreter does it for all.
      const { result, statistics } = await kernel.run({ units, statistics: engine === interpreterEngine });
      expect(nonzerosOf(result), `case ${each.id}, ${units} units: ${each.expr}`).toEqual(expectedOf(each));
      if (statistics === undefined) continue;
      expect(Math.max(...statistics.unitWork), `case ${each.id}`).toBeLessThanOrEqual(statistics.bound);
      expect(statistics.unitWork.reduce((sum, part) => sum + part, 0)).toBe(statistics.work);
    }
  }
}

describe("the reference cases", () => {
  it.each(engines)("give the expected values in 1, 2, 7 and 64 units: $target", async (engine) => {
    await runAll(engine, referenceCases);
  });

  /** All of them by hand, as in `CASES=all npx vitest run test/run/reference-cases.test.ts`: each is compiled several times. */
  it("give them in C, one case of each kind", { timeout: 3_600_000 }, async () => {
    if (process.env.CASES === "all") {
      await runAll(cEngine(nodeHost(process, { cacheFolder: folder })), referenceCases);
      return;
    }
    const seen = new Set<string>();
    const kinds = referenceCases.filter(({ tag, taco }) => {
      const isNew = !seen.has(tag) && (!tag.includes("-empty") || taco.status === "unsupported");
      seen.add(tag);
      return isNew;
    });
    const few = kinds.filter((each, at) => at % 8 === 0 || each.taco.status === "unsupported");
    await runAll(cEngine(nodeHost(process, { cacheFolder: folder })), few);
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
