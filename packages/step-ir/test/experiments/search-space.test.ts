import type { SearchSpace } from "@millrace/ir-text";
import { describe, expect, it } from "vitest";
import {
  attentionExperiment,
  attentionSearchSpace,
  modelNamed,
  moeExperiment,
  moeSearchSpace,
} from "../../src/index.ts";
import { routedBy } from "../support/rows-per-expert.ts";

const model = modelNamed("mixtral-8x7b");
const routing = routedBy([5, 1, 4, 0, 6, 3, 7, 6], 2);
const experts = moeSearchSpace({ model, routing });
const lengths = [500, 40, 1200, 300, 80, 900];
const heads = attentionSearchSpace({ model, lengths });

function defaults({ scenario }: SearchSpace): Record<string, number | string> {
  const parameters = Object.entries(scenario.input_parameters);
  return Object.fromEntries(parameters.map(([name, { parameter_default }]) => [name, parameter_default]));
}

describe.each([
  { name: "experts", space: experts },
  { name: "attention", space: heads },
])("the space of $name", ({ space }) => {
  it("is plain data, and its default one of its configurations", () => {
    expect(JSON.parse(JSON.stringify(space.scenario))).toEqual(space.scenario);
    for (const { values, parameter_default } of Object.values(space.scenario.input_parameters)) {
      expect(values).toContain(parameter_default);
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it("costs the same twice, and refuses what is not in it", () => {
    const start = defaults(space);
    const costs = space.evaluate(start);
    expect(Object.keys(costs)).toEqual(space.scenario.optimization_objectives);
    expect(space.evaluate(start)).toEqual(costs);
    expect(() => space.evaluate({ ...start, depth: 3 })).toThrow(/^depth must be one of 1, 2, 4, 8.*, not 3$/);
    expect(() => space.evaluate({})).toThrow("not left out");
  });
});

it("costs what the experiments measure", () => {
  const chosen = { ...defaults(experts), tiling: "dynamic", tileInner: 128, depth: 4 };
  const run = moeExperiment({
    model,
    routing,
    settings: "equal",
    tiling: { kind: "dynamic" },
    tileInner: 128,
    depth: 4,
  });
  expect(experts.evaluate(chosen)).toEqual({ cycles: run.cycles, onChipBytes: run.onChipBytes.allocated });
  const shared = experts.evaluate({ ...chosen, regions: 2 });
  expect(shared.onChipBytes).toBeLessThan(run.onChipBytes.allocated!);
  const settings = { strategy: "dynamic", regions: 2, tileRows: 64, queueDepth: 4, depth: 2 } as const;
  const spread = attentionExperiment({ model, lengths, settings: "equal", ...settings });
  expect(heads.evaluate(settings)).toEqual({ cycles: spread.cycles, onChipBytes: spread.onChipBytes.allocated });
});
