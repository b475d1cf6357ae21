/** Schedules and simulations of experts as views of the studio. */
import type { ExplainedSchedule, MoeModel, Policy, ServingReport } from "@millrace/sieve-pim";
import type { Counter, CountersView, PlacementView, PointsView } from "@millrace/studio";
import type { PolicyFrontier } from "./frontier.ts";

/** Where the experts of a layer run. */
export function placementView(
  { gpus, layerNs, lowerBoundNs, explain }: ExplainedSchedule,
  { model, policy }: { readonly model: MoeModel; readonly policy: Policy },
): PlacementView {
  return {
    label: `${model.id}, ${policy.id}: ${policy.brief}`,
    devices: gpus.flatMap(({ gpuNs, pimNs }, gpu) => [
      { name: `GPU ${gpu}`, kind: "GPU", ns: gpuNs },
      { name: `PIM ${gpu}`, kind: "PIM", ns: pimNs },
    ]),
    experts: gpus.flatMap(({ experts, tokens, pimTokens }, gpu) =>
      experts.flatMap((expert, at) =>
        [
          { expert, tokens: tokens[at]! - pimTokens[at]!, device: 2 * gpu },
          { expert, tokens: pimTokens[at]!, device: 2 * gpu + 1 },
        ].filter((share) => share.tokens > 0),
      ),
    ),
    times: [
      { name: "layer", ns: layerNs },
      { name: "lower bound", ns: lowerBoundNs },
    ],
    notes: explain.split(/(?<=[^.]\.) (?=[A-Z])/g),
  };
}

/** The times of a schedule as counters. */
export function scheduleCounters({ gpus, layerNs, lowerBoundNs, onPim }: ExplainedSchedule): CountersView {
  return [
    { name: "layer", unit: "ns", value: layerNs },
    { name: "lower bound", unit: "ns", value: lowerBoundNs },
    { name: "experts on PIM", unit: "experts", value: onPim.length },
    ...gpus.flatMap(({ gpuNs, pimNs }, gpu) => [
      { name: "busy", unit: "ns", value: gpuNs, owner: `GPU ${gpu}` },
      { name: "busy", unit: "ns", value: pimNs, owner: `PIM ${gpu}` },
    ]),
  ];
}

/** Operating points over batch sizes, in groups of one policy. */
export function frontierView(frontiers: readonly PolicyFrontier[]): PointsView {
  return {
    axes: [
      { name: "interactivity", unit: "tokens/s/user", goal: "maximize" },
      { name: "throughput", unit: "tokens/s/GPU", goal: "maximize" },
      { name: "batch", unit: "sequences" },
    ],
    points: frontiers.flatMap(({ policy, points }) =>
      points.map(({ batch, interactivity, throughput }) => ({
        label: `${policy}, batch ${batch}`,
        group: policy,
        values: [interactivity, throughput, batch],
      })),
    ),
  };
}

/** What was counted under each policy, which owns it. */
export function servingCounters(reports: readonly ServingReport[]): CountersView {
  return reports.flatMap(({ policy, throughput, interactivity, ttft, tpot, utilization, energy, times, steps }) => {
    const counters: Omit<Counter, "owner">[] = [
      { name: "throughput", unit: "tokens/s/GPU", value: throughput },
      { name: "interactivity", unit: "tokens/s/user", value: interactivity },
      { name: "time to first token, mean", unit: "ms", value: ttft.meanMs },
      { name: "time to first token, p99", unit: "ms", value: ttft.p99Ms },
      { name: "time per token, mean", unit: "ms", value: tpot.meanMs },
      { name: "time per token, p99", unit: "ms", value: tpot.p99Ms },
      { name: "GPU busy", unit: "of the time", value: utilization.gpu },
      { name: "PIM busy", unit: "of the time", value: utilization.pim },
      { name: "links busy", unit: "of the time", value: utilization.link },
      { name: "energy", unit: "J/token", value: energy },
      { name: "step", unit: "ns", value: times.stepNs / steps },
      { name: "experts of a step", unit: "ns", value: times.expertsNs / steps },
      { name: "attention of a step", unit: "ns", value: times.attentionNs / steps },
    ];
    return counters.map((counter) => ({ ...counter, owner: policy }));
  });
}
