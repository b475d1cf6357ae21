import { parseFormat } from "@millrace/tensor";
import { expect, it } from "vitest";
import { verify } from "../../src/partition/verify.ts";
import { compileKernel } from "../../src/run/kernel.ts";
import { denseResult, randomKernel } from "../support/random-kernel.ts";

it("random expressions over random formats give what plain loops give, in units within the bound", async () => {
  for (let seed = 0; seed < 260; seed++) {
    const { text, operands, resultFormat, expected } = randomKernel(seed);
    const format = parseFormat(resultFormat, expected.shape.length);
    const kernel = compileKernel(text, { operands, resultFormat: format });
    for (const units of [1, 2, 17]) {
      const { result, statistics, stages } = await kernel.run({ units, statistics: true });
      const label = `seed ${seed}, ${units} units: ${text}`;
      // Sums of small quarters are exact; zeros have no sign to compare.
      expect(
        [...denseResult(result).values].map((value) => value + 0),
        label,
      ).toEqual([...expected.values].map((value) => value + 0));
      expect(Math.max(...statistics!.unitWork), label).toBeLessThanOrEqual(statistics!.bound);
      for (const { plan } of stages)
        for (const phase of plan?.phases ?? []) expect(verify(phase.plan).faults, label).toEqual([]);
    }
  }
});
