import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCompiler, nodeHost } from "@millrace/loop-ir";
import { parseFormat, type Tensor } from "@millrace/tensor";
import { afterAll, expect, it } from "vitest";
import { PartitionError } from "../../src/errors.ts";
import { verify } from "../../src/partition/verify.ts";
import { cEngine, interpreterEngine, wasmEngine } from "../../src/run/engine.ts";
import { compileKernel } from "../../src/run/kernel.ts";
import { Draws, denseResult, randomKernel } from "../support/random-kernel.ts";

const folder = mkdtempSync(join(tmpdir(), "random-kernels-"));
const host = nodeHost(process, { cacheFolder: folder });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Values of small quarters are exact in any order; zeros have no sign to compare. */
const exactValues = (tensor: Tensor): number[] => [...denseResult(tensor).values].map((value) => value + 0);

it("random expressions over random formats give what plain loops give, in units within the bound", async () => {
  for (let seed = 0; seed < 200; seed++) {
    const { text, operands, resultFormat, expected } = randomKernel(seed);
    const format = parseFormat(resultFormat, expected.shape.length);
    const kernel = compileKernel(text, { operands, resultFormat: format });
    for (const units of [1, 2, 17]) {
      const { result, statistics, stages } = await kernel.run({ units, statistics: true });
      const label = `seed ${seed}, ${units} units: ${text}`;
      expect(exactValues(result), label).toEqual([...expected.values].map((value) => value + 0));
      expect(Math.max(...statistics!.unitWork), label).toBeLessThanOrEqual(statistics!.bound);
      for (const { plan } of stages)
        for (const phase of plan?.phases ?? []) expect(verify(phase.plan).faults, label).toEqual([]);
    }
  }
});

it("loops in any order give the same on every back end", async () => {
  const checked = { checked: true };
  const engines = [interpreterEngine, wasmEngine(checked)];
  const native = findCompiler(host) === undefined ? [] : [cEngine(host, checked)];
  let ran = 0;
  for (let seed = 1000; seed < 1045; seed++) {
    const { text, operands, resultFormat, expected } = randomKernel(seed);
    const format = parseFormat(resultFormat, expected.shape.length);
    const draws = new Draws(seed);
    const order = draws.shuffled([...compileKernel(text, { operands }).extents.keys()]);
    // A compiler takes longer than all the rest: it sees one kernel of twenty.
    for (const engine of [...engines, ...(seed % 20 === 0 ? native : [])]) {
      const kernel = compileKernel(text, { operands, resultFormat: format, engine, order });
      for (const units of [1, 3]) {
        const outcome = await kernel.run({ units }).catch((error: unknown) => error);
        if (outcome instanceof PartitionError && outcome.code === "expression-unsupported") continue;
        if (outcome instanceof Error) throw outcome;
        const label = `seed ${seed}, ${engine.target}, ${units} units, loops ${order}: ${text}`;
        const { result } = outcome as Awaited<ReturnType<typeof kernel.run>>;
        expect(exactValues(result), label).toEqual([...expected.values].map((value) => value + 0));
        ran += 1;
      }
      kernel.release();
    }
  }
  expect(ran).toBeGreaterThan(100);
});
