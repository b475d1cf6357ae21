/** A batch of equal requests, all there from the start: its prompts first, then all sequences generate together. */
import { sequenceBytes } from "../device/capacity.ts";
import { SieveError } from "../errors.ts";
import { energyOf } from "./energy.ts";
import { percentiles } from "./percentiles.ts";
import type { ServingReport } from "./serving-report.ts";
import { type StepSimulator, type StepTimes, zeroTimes } from "./step-simulator.ts";

/** What the batch is made of. */
export interface BatchOptions {
  /** Sequences on all GPUs together. */
  readonly batch: number;
  /** Tokens of each prompt. Default 1024. */
  readonly promptTokens?: number;
  /** Tokens that each sequence generates. Default 128. */
  readonly outputTokens?: number;
  /** Tokens of a step with prompts. Default 2048. */
  readonly tokenBudget?: number;
  /** Steps that are simulated of those that generate, evenly over them. Default 16. */
  readonly sampledSteps?: number;
}

/**
 * Runs the batch. Throughput, interactivity, utilisation and energy are those of the steps that generate; TTFT is that
 * of taking the prompts in, one after the other, in chunks.
 *
 * @throws {SieveError} `capacity` if the batch does not fit, with the largest that would; `options`.
 */
export function runBatch(simulator: StepSimulator, options: BatchOptions): ServingReport {
  const { batch, promptTokens = 1024, outputTokens = 128, tokenBudget = 2048, sampledSteps = 16 } = options;
  for (const [name, value] of Object.entries({ batch, promptTokens, outputTokens, tokenBudget, sampledSteps })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new SieveError("options", `${name} must be an integer of at least 1, not ${value}`, { path: name });
  }
  const room = checkRoom(simulator, batch, promptTokens + outputTokens);
  const sums = zeroTimes();
  const samples = Math.min(sampledSteps, outputTokens);
  const stepNs = new Float64Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const generated = Math.floor((sample * outputTokens) / samples);
    const contextTokens = batch * (promptTokens + generated);
    const times = simulator.step({ sequences: batch, contextTokens, prefillTokens: 0, prefillContext: 0 }, sample);
    stepNs[sample] = times.stepNs;
    for (const key of keys) sums[key] += times[key];
  }
  const { gpus } = simulator.costs.hardware;
  const tpot = percentiles(stepNs);
  const energyParts = energyOf(sums);
  const { gpuBusyNs, pimBusyNs, linkBusyNs, stepNs: simulatedNs } = sums;
  return {
    policy: simulator.policy.id,
    throughput: (batch * samples) / (simulatedNs / 1e9) / gpus,
    interactivity: 1000 / tpot.meanMs,
    ttft: percentiles(prefillNs(simulator, { batch, promptTokens, tokenBudget })),
    tpot,
    utilization: { gpu: gpuBusyNs / simulatedNs, pim: pimBusyNs / simulatedNs, link: linkBusyNs / simulatedNs },
    energy: energyParts.joules / (batch * samples),
    energyParts,
    requests: batch,
    steps: samples,
    simulatedNs,
    times: sums,
    mostSequences: batch,
    keyValueShare: (batch * sequenceBytes(simulator.model, promptTokens + outputTokens)) / room,
  };
}

const keys = Object.keys(zeroTimes()) as (keyof StepTimes)[];

function checkRoom({ model, plan, costs }: StepSimulator, batch: number, length: number): number {
  if (length > model.maximumPosition) {
    throw new SieveError(
      "requests",
      `sequences of ${length} tokens are ${length - model.maximumPosition} longer than the ${model.maximumPosition} positions of ${model.id}`,
      {
        limit: "maximumPosition",
        value: length,
        allowed: model.maximumPosition,
        hint: `use ${model.maximumPosition} tokens or fewer`,
      },
    );
  }
  const room = plan.keyValueBytes * costs.hardware.gpus;
  const need = batch * sequenceBytes(model, length);
  if (need <= room) return room;
  const most = Math.floor(room / sequenceBytes(model, length));
  throw new SieveError(
    "capacity",
    `a batch of ${batch} sequences of ${length} tokens needs ${(need / 1e9).toFixed(1)} GB for keys and values, ${((need - room) / 1e9).toFixed(1)} GB more than the ${(room / 1e9).toFixed(1)} GB left beside the weights`,
    {
      limit: "keyValueBytes",
      value: need,
      allowed: room,
      hint: most >= 1 ? `a batch of ${most} fits` : "use shorter sequences, more GPUs or GPUs with more memory",
    },
  );
}

/** Times from the start to the end of each prompt, prompts one after the other in chunks; all chunks but the last of a size. */
function prefillNs(
  simulator: StepSimulator,
  {
    batch,
    promptTokens,
    tokenBudget,
  }: { readonly batch: number; readonly promptTokens: number; readonly tokenBudget: number },
): Float64Array {
  const all = batch * promptTokens;
  const chunk = Math.min(tokenBudget, all);
  // A chunk holds parts of several short prompts or a part of a long one: on average half of the prompt is there already.
  const load = { sequences: 0, contextTokens: 0, prefillTokens: chunk, prefillContext: (chunk * promptTokens) / 2 };
  const perChunk = simulator.step(load).stepNs;
  return Float64Array.from({ length: batch }, (_, at) => Math.ceil(((at + 1) * promptTokens) / chunk) * perChunk);
}
