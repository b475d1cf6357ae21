/**
 * A step as tasks on the GPUs, their PIM and their links: each layer and micro-batch with its dependencies, across
 * devices as expert parallelism makes them.
 *
 * Attention, then the router; the decision beside the dispatch; shared experts beside both; experts on GPU and PIM once
 * every GPU has sent; combining once every GPU and every PIM is done; the next layer once all has been combined. Another
 * micro-batch depends on the first in nothing, so it fills what the first leaves idle. Where PIM excludes the GPU from its
 * memory, a GPU and its PIM are one resource: what one micro-batch does on one of them waits for what another does on the
 * other, and how both share the memory within a layer is in the times of its experts.
 */
import type { StepLoad } from "../device/dense-cost.ts";
import type { Hardware } from "../hardware/hardware.ts";
import type { StepSimulator } from "./step-simulator.ts";
import { perGpu } from "./step-simulator.ts";
import { TaskGraph } from "./task-graph.ts";

/** What is put into the graph. */
export interface LayerGraphOptions {
  readonly load: StepLoad;
  /** First layers of the model. Default: all. */
  readonly layers?: number;
  /** Parts that the batch is cut into. Default 1. */
  readonly microBatches?: number;
  readonly step?: number;
}

/** The graph of a step of `simulator`'s model; prompts are not cut up, so the load should be of generating sequences. */
export function layerGraph(simulator: StepSimulator, options: LayerGraphOptions): TaskGraph {
  const { load, layers = simulator.model.layers, microBatches = 1, step = 0 } = options;
  const graph = new TaskGraph();
  const part = {
    sequences: Math.ceil(load.sequences / microBatches),
    contextTokens: load.contextTokens / microBatches,
    prefillTokens: Math.ceil(load.prefillTokens / microBatches),
    prefillContext: load.prefillContext / microBatches,
  };
  for (let micro = 0; micro < microBatches; micro++) {
    let before: number[] = [];
    for (let layer = 0; layer < Math.min(layers, simulator.model.layers); layer++) {
      before = [addLayer(graph, simulator, { layer, micro, load: part, step: step * microBatches + micro, before })];
    }
  }
  return graph;
}

interface LayerPlace {
  readonly layer: number;
  readonly micro: number;
  readonly load: StepLoad;
  readonly step: number;
  /** Tasks after which the layer may begin. */
  readonly before: readonly number[];
}

/** Adds one layer; returns the meeting point at its end. */
function addLayer(graph: TaskGraph, simulator: StepSimulator, place: LayerPlace): number {
  const { layer, micro, load } = place;
  const { costs, model, policy } = simulator;
  const { gpus } = costs.hardware;
  const own = perGpu(load, gpus);
  const tokens = own.sequences + own.prefillTokens;
  const label = (name: string): string => `layer ${layer}, batch ${micro}: ${name}`;
  const add = (name: string, where: string | null, durationNs: number, waitsFor: readonly number[]): number =>
    graph.add({
      name: label(name),
      resource: where === null ? -1 : graph.resourceNamed(where),
      durationNs,
      waitsFor,
    });
  const { dense } = costs;
  const { kernels, pim } = resourcesOf(costs.hardware);
  const onGpu = dense.decodeAttentionNs(layer, own);
  const onPim = policy.attention === "gpu" ? null : dense.pimAttentionNs(layer, own);
  const away = onPim !== null && (policy.attention === "pim" || onPim < onGpu);
  const attended = Array.from({ length: gpus }, (_, gpu) => {
    const projected = add("projections", kernels(gpu), dense.projectionNs(layer, tokens), place.before);
    const prompts = dense.prefillAttentionNs(layer, own);
    const after = prompts > 0 ? [add("attention of prompts", kernels(gpu), prompts, [projected])] : [projected];
    return away ? add("attention", pim(gpu), onPim, after) : add("attention", kernels(gpu), onGpu, after);
  });
  if (layer < model.denseLayers) {
    const ends = attended.map((task, gpu) => add("dense network", kernels(gpu), dense.denseNs(tokens), [task]));
    return add("end", null, 0, ends);
  }
  const routed = attended.map((task, gpu) => add("router", kernels(gpu), dense.routerNs(tokens), [task]));
  return addExperts(simulator, place, { add, routed });
}

/** Names of what runs kernels and of what computes in memory: of one thing where they exclude each other. */
function resourcesOf({ contention }: Hardware): { kernels(gpu: number): string; pim(gpu: number): string } {
  const shared = contention === "exclusive";
  return {
    kernels: (gpu) => (shared ? `gpu ${gpu}/kernels or pim` : `gpu ${gpu}/kernels`),
    pim: (gpu) => (shared ? `gpu ${gpu}/kernels or pim` : `gpu ${gpu}/pim`),
  };
}

interface ExpertTasks {
  readonly add: (name: string, where: string | null, durationNs: number, waitsFor: readonly number[]) => number;
  readonly routed: readonly number[];
}

function addExperts(simulator: StepSimulator, { layer, load, step }: LayerPlace, { add, routed }: ExpertTasks): number {
  const { costs, model, phase } = simulator;
  const { hardware } = costs;
  const { kernels, pim } = resourcesOf(hardware);
  const tokens = load.sequences + load.prefillTokens;
  const times = simulator.expertTimes(layer - model.denseLayers, { step, tokens, prefill: load.prefillTokens > 0 });
  const ready = hardware.decisionHidden
    ? Math.max(times.dispatchNs, times.decisionNs)
    : times.dispatchNs + times.decisionNs;
  const decided = routed.map((task, gpu) => add("decision", `gpu ${gpu}/scheduler`, times.decisionNs, [task]));
  const sent = routed.map((task, gpu) => {
    const after = hardware.decisionHidden ? [task] : [decided[gpu]!];
    return add("dispatch", `gpu ${gpu}/link`, times.dispatchNs, after);
  });
  const shared = routed.map((task, gpu) => add("shared experts", kernels(gpu), times.sharedNs, [task]));
  const arrived = add("all dispatched", null, 0, [...sent, ...decided]);
  const ends = routed.flatMap((_, gpu) => {
    const own: number[] = [shared[gpu]!];
    const gpuNs = phase.gpuNs[gpu]!;
    const pimNs = phase.pimNs[gpu]!;
    const gpuStart = Math.max(ready, times.sharedNs);
    if (hardware.contention === "exclusive") {
      const bothNs = Math.max(0, Math.max(gpuNs, pimNs) - gpuStart);
      return [...own, add("experts", kernels(gpu), bothNs, [arrived, shared[gpu]!])];
    }
    if (gpuNs > 0) own.push(add("experts", kernels(gpu), gpuNs - gpuStart, [arrived, shared[gpu]!]));
    if (pimNs > 0) own.push(add("experts", pim(gpu), pimNs - ready, [arrived]));
    return own;
  });
  const done = add("all computed", null, 0, [arrived, ...ends]);
  const combined = routed.map((_, gpu) => add("combine", `gpu ${gpu}/link`, times.combineNs, [done]));
  return add("end", null, 0, combined);
}

/**
 * Bounds on the time of `chunks` equal chunks that pass through stages one after the other: at least the longest stage,
 * at most it plus one chunk through the others plus a fixed time for each chunk.
 */
export function pipelineBoundsNs(
  stagesNs: readonly number[],
  chunks: number,
  perChunkNs: number,
): { readonly leastNs: number; readonly mostNs: number } {
  const longest = Math.max(...stagesNs);
  const sum = stagesNs.reduce((total, stage) => total + stage, 0);
  return { leastNs: longest, mostNs: longest + (sum - longest) / chunks + chunks * perChunkNs };
}
