import { describe, expect, it } from "vitest";
import { withExpertPrior } from "../../src/acquisition/expert-prior.ts";
import { createSpace } from "../../src/space/create-space.ts";
import type { Config } from "../../src/space/parameter.ts";
import { Study } from "../../src/study/study.ts";

const values = Array.from({ length: 32 }, (_, i) => i);
const near = (center: number) => values.map((value) => Math.exp(-0.5 * ((value - center) / 4) ** 2));
const spaceWith = (center: number) =>
  createSpace(
    ["x", "y", "z", "u"].map((name) => ({
      kind: "ordinal",
      name,
      values,
      prior: { kind: "weights", weights: near(center) },
    })),
  );

describe("priors of an expert", () => {
  it("multiply the acquisition by a power that falls with every suggestion", () => {
    const space = createSpace([
      { kind: "ordinal", name: "a", values: [1, 2], prior: { kind: "weights", weights: [2, 8] } },
      { kind: "real", name: "r", minimum: 0, maximum: 1, prior: { kind: "normal", mean: 0.5, deviation: 0.1 } },
    ]);
    const flat = () => ({ worth: 0, feasible: 1, mean: 0, deviation: 1 });
    const at = (a: number, r: number, suggestion: number) =>
      withExpertPrior(flat, space, { weight: 10, floor: 0, suggestion })(
        new Float64Array(2),
        Number.NEGATIVE_INFINITY,
        Float64Array.of(a, r),
      ).worth;
    expect(at(1, 0.5, 1)).toBeCloseTo(0, 10);
    expect(at(0, 0.5, 1)).toBeCloseTo(10 * Math.log(0.25), 10);
    expect(at(0, 0.5, 5)).toBeCloseTo(2 * Math.log(0.25), 10);
    expect(at(1, 0.6, 2)).toBeCloseTo(-2.5, 6);
  });

  const bowl = (config: Config) =>
    1 + Object.values(config).reduce<number>((sum, value) => sum + ((value as number) - 20) ** 2, 0);
  const meanAfter = (budget: number, center: number, acquisition: "EI" | "EI_PIBO") =>
    [1, 2, 3, 4, 5, 6].reduce((sum, seed) => {
      const study = new Study(spaceWith(center), { seed, acquisition });
      for (let i = 0; i < budget; i++)
        for (const { id, config } of study.ask()) study.tell(id, { ok: true, value: bowl(config) });
      return sum + Math.log(study.best!.outcome!.ok ? (study.best!.outcome as { value: number }).value : 1) / 6;
    }, 0);

  it("that are right lead there sooner; without EI_PIBO they do not count", () => {
    expect(meanAfter(8, 21, "EI_PIBO")).toBeLessThan(meanAfter(8, 21, "EI") - 0.5);
    expect(meanAfter(8, 21, "EI")).toBe(meanAfter(8, 3, "EI"));
  });

  it("that are wrong are overcome", () => {
    expect(meanAfter(40, 3, "EI_PIBO")).toBeLessThan(meanAfter(8, 3, "EI"));
  });
});
