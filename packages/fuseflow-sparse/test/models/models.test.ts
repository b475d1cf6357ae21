import { describe, expect, test } from "vitest";
import { chooseFusion } from "../../src/choose/choose-fusion.ts";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { simulateProgram } from "../../src/compile/simulate-program.ts";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import { estimateError, estimateProgram } from "../../src/heuristic/estimate-program.ts";
import type { Granularity } from "../../src/models/model.ts";
import { checkedRun } from "../support/compile-runs.ts";
import { modelCases } from "../support/library-models.ts";

const granularities: readonly Granularity[] = ["unfused", "partial", "full"];
const cycles = new Map<string, number>();

describe.each(modelCases)("$name", ({ name, model, operands }) => {
  const { program, regions } = model;
  const stored = new Map(Object.entries(operands).map(([input, tensor]) => [input, storedTensor(tensor)]));

  test.each(granularities)("gives the dense reference %s", (granularity) => {
    const { run, error } = checkedRun(program, operands, { regions: regions[granularity] });
    expect(error).toBeLessThan(1e-9);
    cycles.set(`${name} ${granularity}`, run.cycles);
  });

  test.each(granularities)("is estimated within 5 %% of its operations and 15 %% of its bytes %s", (granularity) => {
    const compiled = compileProgram(program, { schedule: { regions: regions[granularity] }, stored });
    const error = estimateError(estimateProgram(compiled, operands), simulateProgram(compiled, operands));
    expect(error.flops).toBeLessThan(0.05);
    expect(error.bytes).toBeLessThan(0.15);
  });

  test("is fused within 5 % of the best granularity when the choice is left open", () => {
    const { chosen } = chooseFusion(program, operands, { stored });
    const best = Math.min(...granularities.map((granularity) => cycles.get(`${name} ${granularity}`)!));
    expect(chosen.run.cycles / best).toBeLessThanOrEqual(1.05);
  });
});

test.each(["gcn", "graphsage"])("%s is fastest layer by layer: full fusion repeats the first layer", (name) => {
  expect(cycles.get(`${name} partial`)).toBeLessThan(cycles.get(`${name} unfused`)!);
  expect(cycles.get(`${name} full`)).toBeGreaterThan(cycles.get(`${name} partial`)!);
});

test("decoders gain from fusing attention, and from joining what follows it with the next projections", () => {
  expect(cycles.get("gpt partial")).toBeLessThan(cycles.get("gpt unfused")!);
  expect(cycles.get("gpt full")).toBeLessThan(cycles.get("gpt partial")!);
});
