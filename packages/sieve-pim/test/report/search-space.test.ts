import { expect, it } from "vitest";
import {
  DrawnRouting,
  hardwareNamed,
  modelNamed,
  policyNamed,
  runBatch,
  StepSimulator,
  searchSpace,
} from "../../src/index.ts";

const model = modelNamed("qwen3-30b-a3b");
const routing = new DrawnRouting(model, 2);
const space = searchSpace({ model, routing, hardware: "h200", gpus: 2, batch: 32 });
const parameters = Object.entries(space.scenario.input_parameters);
const defaults = Object.fromEntries(parameters.map(([name, { parameter_default }]) => [name, parameter_default]));

it("is plain data with the plainest machine as default, and costs what a batch costs", () => {
  expect(JSON.parse(JSON.stringify(space.scenario))).toEqual(space.scenario);
  for (const [, { values, parameter_default }] of parameters) expect(values).toContain(parameter_default);
  const hardware = hardwareNamed("h200", { gpus: 2 });
  const simulator = new StepSimulator({ model, hardware, routing, policy: policyNamed("gpu-only") });
  const { tpot, energy } = runBatch(simulator, { batch: 32 });
  const costs = space.evaluate(defaults);
  expect(costs).toEqual({ stepNs: tpot.meanMs * 1e6, joulesPerToken: energy });
  expect(Object.keys(costs)).toEqual(space.scenario.optimization_objectives);
});

it("knows that deciding, and more in the PIM units, never cost time", () => {
  const step = (changes: object): number => space.evaluate({ ...defaults, ...changes }).stepNs!;
  const decided = step({ policy: "sieve" });
  expect(decided).toBeLessThan(step({}));
  for (const better of [{ accumulators: 4 }, { vectors: "reuse" }, { writes: "overlap" }]) {
    expect(step({ policy: "sieve", ...better })).toBeLessThanOrEqual(decided);
  }
});

it("refuses what is not in it, and copies that do not fit", () => {
  expect(() => space.evaluate({ ...defaults, replicas: 3 })).toThrow("replicas must be one of 0, 1, 2, 4, 8, not 3");
  expect(() => space.evaluate({})).toThrow("policy must be one of");
  const large = searchSpace({ model: modelNamed("qwen3.5-397b-a17b"), routing, hardware: "h100", gpus: 8, batch: 8 });
  expect(() => large.evaluate(defaults)).toThrow(expect.objectContaining({ code: "capacity" }));
});
