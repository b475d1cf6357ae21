/** Timings against the published figures of Ember (Fig. 13, 14) and the physics of a measured machine. */
import { describe, expect, test } from "vitest";
import { type DaeMachine, machineNamed, simulateOperation, type TimingReport, type Workload } from "../../src/index.ts";
import { graphs, messagePassing, recommendation } from "../support/workloads.ts";

const dae = machineNamed("dae") as DaeMachine;
const levels = [0, 1, 2, 3] as const;

function atLevels(workload: Workload): TimingReport[] {
  return levels.map((level) => simulateOperation(workload, dae, { level }));
}

const speedUps = (runs: readonly TimingReport[]) => runs.slice(1).map(({ cycles }) => runs[0]!.cycles / cycles);
const geomean = (values: readonly number[]) =>
  Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);

/** Fig. 13: geometric means over three localities of the speed-ups of emb-opt1, 2 and 3 over emb-opt0. */
const published = { 1: [4.2, 5.81, 6.61], 2: [5.29, 8.84, 12.12], 3: [6.08, 13.43, 21.01] } as const;
/** Fig. 14: access throughput at emb-opt3, in percent of the peak, smallest and largest of three localities. */
const throughput = { 1: [13.7, 14.2], 2: [26.4, 27.2], 3: [48.0, 48.9] } as const;

describe.each([1, 2, 3] as const)("embedding bags of RM%i", (model) => {
  const runs = (["low", "middle", "high"] as const).map((locality) => atLevels(recommendation(model, locality, 60)));

  test("speed up over emb-opt0 as published, to a tenth", () => {
    for (const [at, expected] of published[model].entries()) {
      const ours = geomean(runs.map((each) => speedUps(each)[at]!));
      expect(Math.abs(ours / expected - 1)).toBeLessThan(0.1);
    }
  });

  test("get faster with every level, most by vectors, least by queues", () => {
    for (const each of runs) {
      const steps = each.slice(1).map(({ cycles }, at) => each[at]!.cycles / cycles);
      expect(Math.min(...steps)).toBeGreaterThan(1);
      expect([...steps].sort((a, b) => b - a)).toEqual(steps);
    }
  });

  test("use the access unit as far as published, to a tenth", () => {
    const [least, most] = throughput[model];
    for (const each of runs) {
      const { cycles, lookups } = each[3]!;
      const percent = (100 * ((16 * 2 ** model) / dae.lanes) * lookups) / cycles;
      expect(percent).toBeGreaterThan(0.9 * least);
      expect(percent).toBeLessThan(1.1 * most);
    }
  });
});

describe.each(Object.keys(graphs) as (keyof typeof graphs)[])("message passing over a stand-in of %s", (graph) => {
  test("gets faster with every level", () => {
    const runs = atLevels(messagePassing(graph, 64));
    for (const [at, { cycles }] of runs.slice(1).entries()) expect(cycles).toBeLessThan(runs[at]!.cycles);
  });
});
