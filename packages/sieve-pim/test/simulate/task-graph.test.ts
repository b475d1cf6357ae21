import { describe, expect, it } from "vitest";
import {
  DrawnRouting,
  hardwareNamed,
  layerGraph,
  modelNamed,
  pipelineBoundsNs,
  policyNamed,
  runTasks,
  StepSimulator,
  serialNs,
  TaskGraph,
  type TaskTimes,
  Xorshift32,
} from "../../src/index.ts";
import { caught } from "../support/caught.ts";

/** Everything that must hold of any execution. */
function checkLegal(graph: TaskGraph, times: TaskTimes): void {
  const { startNs, endNs } = times;
  for (const [task, others] of graph.waitsFor.entries()) {
    for (const other of others) expect(startNs[task]).toBeGreaterThanOrEqual(endNs[other]!);
    expect(endNs[task]! - startNs[task]!).toBeCloseTo(graph.durationNs[task]!, 3);
  }
  for (let resource = 0; resource < graph.resources.length; resource++) {
    const own = [...graph.resource.keys()].filter((task) => graph.resource[task] === resource);
    own.sort((a, b) => startNs[a]! - startNs[b]! || endNs[a]! - endNs[b]!);
    for (let at = 1; at < own.length; at++) {
      expect(startNs[own[at]!]).toBeGreaterThanOrEqual(endNs[own[at - 1]!]! - 1e-6);
    }
    expect(times.totalNs).toBeGreaterThanOrEqual(times.busyNs[resource]! - 1e-6);
  }
  expect(times.totalNs).toBeLessThanOrEqual(serialNs(graph) + 1e-6);
}

function simulator(policy = "sieve", contention: "disjoint" | "exclusive" = "disjoint", id = "qwen3.5-397b-a17b") {
  const model = modelNamed(id);
  const hardware = hardwareNamed("b200", { contention });
  return new StepSimulator({ model, hardware, policy: policyNamed(policy), routing: new DrawnRouting(model, 3) });
}
const load = { sequences: 64, contextTokens: 64 * 1000, prefillTokens: 0, prefillContext: 0 };

describe("tasks", () => {
  it("run legally, whatever the graph", () => {
    const random = new Xorshift32(21);
    for (let round = 0; round < 200; round++) {
      const graph = new TaskGraph();
      for (let task = 0; task < 2 + (random.next() % 40); task++) {
        const waitsFor = Array.from({ length: Math.min(task, random.next() % 4) }, () => random.next() % task);
        const resource = random.next() % 5;
        graph.add({
          name: `t${task}`,
          resource: resource === 4 ? -1 : graph.resourceNamed(`r${resource}`),
          durationNs: random.next() % 100,
          waitsFor: [...new Set(waitsFor)],
        });
      }
      checkLegal(graph, runTasks(graph));
    }
  });

  it("on one resource take exactly the sum of their times", () => {
    const graph = new TaskGraph();
    const resource = graph.resourceNamed("all");
    for (let task = 0; task < 9; task++) graph.add({ name: `t${task}`, resource, durationNs: task, waitsFor: [] });
    expect(runTasks(graph).totalNs).toBe(serialNs(graph));
  });

  it("in chunks through three stages stay within the bounds of a pipeline", () => {
    const stages = [40, 100, 60];
    for (let chunks = 1; chunks <= 16; chunks++) {
      const graph = new TaskGraph();
      const each = 2;
      let before: number[] = [];
      for (let chunk = 0; chunk < chunks; chunk++) {
        before = [];
        for (const [stage, time] of stages.entries()) {
          const durationNs = time / chunks + each;
          before = [
            graph.add({
              name: `${chunk}.${stage}`,
              resource: graph.resourceNamed(`s${stage}`),
              durationNs,
              waitsFor: before,
            }),
          ];
        }
      }
      const { totalNs } = runTasks(graph);
      // The fixed time of a chunk is paid once for each chunk at the longest stage, and once for the others.
      const { leastNs, mostNs } = pipelineBoundsNs(stages, chunks, each);
      expect(totalNs).toBeGreaterThanOrEqual(leastNs);
      expect(totalNs).toBeLessThanOrEqual(mostNs + 2 * each + 1e-9);
    }
  });

  it("that wait for what is not there, or take no time, are refused", () => {
    const graph = new TaskGraph();
    expect(caught(() => graph.add({ name: "a", resource: -1, durationNs: 1, waitsFor: [0] })).code).toBe("parameters");
    expect(
      caught(() => graph.add({ name: "a", resource: -1, durationNs: Number.NaN, waitsFor: [] })).message,
    ).toContain("takes NaN ns");
  });
});

describe("the graph of a step", () => {
  it.each(["gpu-only", "pim-all", "sieve"])(
    "runs legally under %s, and one micro-batch takes as long as the step",
    (policy) => {
      for (const id of ["qwen3.5-397b-a17b", "deepseek-v3"]) {
        const step = simulator(policy, "disjoint", id);
        const graph = layerGraph(step, { load });
        const times = runTasks(graph);
        if (policy === "sieve") checkLegal(graph, times);
        const { stepNs, headNs } = step.step(load);
        expect(times.totalNs).toBeCloseTo(stepNs - headNs, 2);
      }
    },
  );

  it("takes as long as the step where PIM excludes the GPU from its memory, and lets no other micro-batch in", () => {
    const step = simulator("sieve", "exclusive");
    const { stepNs, headNs } = step.step(load);
    expect(runTasks(layerGraph(step, { load })).totalNs).toBeCloseTo(stepNs - headNs, 2);
    const graph = layerGraph(step, { load, layers: 6, microBatches: 2 });
    const times = runTasks(graph);
    checkLegal(graph, times);
    // Kernels and PIM of a GPU are one resource: only the links can run beside it.
    expect(graph.resources.filter((name) => name.startsWith("gpu 0/")).sort()).toEqual([
      "gpu 0/kernels or pim",
      "gpu 0/link",
      "gpu 0/scheduler",
    ]);
    const both = graph.resources.indexOf("gpu 0/kernels or pim");
    const work = [...graph.resource.keys()].filter((task) => graph.resource[task] === both);
    const needed = work.reduce((sum, task) => sum + graph.durationNs[task]!, 0);
    expect(times.totalNs).toBeGreaterThanOrEqual(needed - 1e-6);
    const apart = runTasks(layerGraph(simulator(), { load, layers: 6, microBatches: 2 }));
    expect(apart.totalNs).toBeLessThan(times.totalNs);
  });

  it("combines only after the last GPU and the last PIM", () => {
    const graph = layerGraph(simulator(), { load, layers: 2 });
    const { startNs, endNs } = runTasks(graph);
    const of = (name: string): number[] =>
      [...graph.names.keys()].filter((task) => graph.names[task] === `layer 0, batch 0: ${name}`);
    const last = Math.max(...of("experts").map((task) => endNs[task]!));
    for (const task of of("combine")) expect(startNs[task]).toBeGreaterThanOrEqual(last);
    expect(of("experts").some((task) => graph.resources[graph.resource[task]!]!.endsWith("pim"))).toBe(true);
  });

  it("with two micro-batches overlaps exchange with work: faster than the two one after the other", () => {
    const step = simulator();
    const graph = layerGraph(step, { load, layers: 8, microBatches: 2 });
    const times = runTasks(graph);
    checkLegal(graph, times);
    const half = { ...load, sequences: 32, contextTokens: 32 * 1000 };
    const one = [0, 1].map((micro) => runTasks(layerGraph(step, { load: half, layers: 8, step: micro })).totalNs);
    expect(times.totalNs).toBeLessThan(one[0]! + one[1]!);
    expect(times.totalNs).toBeGreaterThanOrEqual(Math.max(...one));
  });
});
