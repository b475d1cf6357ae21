/** The settings of the experiments as a search space, for a tuner: plain data, and what a choice of settings costs. */
import { type SearchSpace, type SpaceParameter, strayChoice } from "@millrace/ir-text";
import { StepError } from "../errors.ts";
import type { Strategy } from "../workloads/attention-options.ts";
import type { Tiling } from "../workloads/moe-options.ts";
import { routingTrace } from "../workloads/routing-trace.ts";
import { type AttentionPoint, attentionExperiment } from "./attention-experiment.ts";
import type { ExperimentResult } from "./experiment.ts";
import { moeBytes } from "./moe-bytes.ts";
import { type MoePoint, moeExperiment } from "./moe-experiment.ts";

const objectives = ["cycles", "onChipBytes"] as const;

/**
 * Tile rows, tile columns, shared pipelines and depth of queues of a layer of experts, against cycles and bytes on chip.
 * The default is a static tiling with a pipeline per expert; all designs run on equal machines. Bytes off chip of every run
 * are compared with their closed form, and so are those on chip where each expert has a pipeline.
 *
 * A choice is refused with a {@link StepError}: `workload-options` for a value that is not in the space, `simulation-stuck`
 * where queues are too small, so that it is not feasible, `reference-differs` where a closed form says otherwise than the run.
 */
export function moeSearchSpace(workload: Pick<MoePoint, "model" | "routing" | "memory" | "bandwidth">): SearchSpace {
  const { model, routing, bandwidth = 4096 } = workload;
  const rows = powersOfTwo(8, Math.max(8, routing.length)).map((count) => `static:${count}`);
  const fitting = [16, 32, 48, 64, 96, 128, 192, 256].filter((size) => model.inner % size === 0);
  const widths = fitting.length > 0 ? fitting : [model.inner];
  const parameters = {
    tiling: { parameter_type: "categorical", values: ["dynamic", ...rows], parameter_default: rows[0]! },
    tileInner: ordinal(widths, widths.includes(64) ? 64 : widths[0]!),
    regions: ordinal(
      powersOfTwo(1, model.experts).filter((count) => model.experts % count === 0),
      model.experts,
    ),
    depth: ordinal([1, 2, 4, 8, 16], 2),
  } as const;
  const { counts } = routingTrace(routing, model.experts);
  const routed = { model: { ...model, chosen: routing[0]?.length ?? 0 }, counts, batch: routing.length };
  return space(`experts-${model.name}`, parameters, ({ tiling: text, tileInner: columns, regions, depth }) => {
    const [tiling, tileInner] = [tilingOf(String(text)), Number(columns)];
    // A region for each expert is what a pipeline of its own is.
    const shared = regions === model.experts ? {} : { regions: Number(regions) };
    const settings = { settings: "equal", bandwidth, depth: Number(depth) } as const;
    const result = moeExperiment({ ...workload, ...settings, tiling, tileInner, ...shared });
    if (result.report.deadlock === null) {
      const { offChip, onChip } = moeBytes({ ...routed, tiling, tileInner });
      compare("off chip", result.offChipBytes, offChip);
      if (regions === model.experts) compare("on chip", result.onChipBytes.allocated, onChip);
    }
    return result;
  });
}

function compare(where: string, counted: number | null, expected: number): void {
  if (counted === expected) return;
  throw new StepError("reference-differs", `the run counts ${counted} bytes ${where}, the closed form ${expected}`);
}

/**
 * Strategy, regions, tile rows and queues of decode attention, against cycles and bytes on chip. The default is coarse
 * parallelization over four regions. Choices are refused as those of {@link moeSearchSpace} are.
 */
export function attentionSearchSpace(
  workload: Pick<AttentionPoint, "model" | "lengths" | "memory" | "bandwidth">,
): SearchSpace {
  const batch = workload.lengths.length;
  const parameters = {
    strategy: {
      parameter_type: "categorical",
      values: ["coarse", "interleaved", "dynamic"],
      parameter_default: "coarse",
    },
    regions: ordinal(powersOfTwo(1, Math.min(16, batch)), Math.min(4, 2 ** Math.floor(Math.log2(batch)))),
    tileRows: ordinal([16, 32, 64, 128], 32),
    queueDepth: ordinal([1, 2, 4, 8, 16], 1),
    depth: ordinal([1, 2, 4, 8], 1),
  } as const;
  return space(`attention-${workload.model.name}`, parameters, (chosen) =>
    attentionExperiment({
      ...workload,
      settings: "equal",
      strategy: chosen.strategy as Strategy,
      regions: Number(chosen.regions),
      tileRows: Number(chosen.tileRows),
      queueDepth: Number(chosen.queueDepth),
      depth: Number(chosen.depth),
    }),
  );
}

function space(
  name: string,
  parameters: Readonly<Record<string, SpaceParameter>>,
  run: (chosen: Readonly<Record<string, unknown>>) => ExperimentResult,
): SearchSpace {
  return {
    scenario: { application_name: name, optimization_objectives: objectives, input_parameters: parameters },
    evaluate(configuration) {
      const stray = strayChoice(parameters, configuration);
      if (stray !== undefined) throw new StepError("workload-options", stray.message);
      const { report, cycles, onChipBytes } = run(configuration);
      if (report.deadlock !== null) {
        const { capacity } = report.deadlock;
        const way = capacity === null ? "no depth of queues frees it" : `queues of ${capacity} free it`;
        throw new StepError("simulation-stuck", `the machine stands still at cycle ${cycles}: ${way}`);
      }
      const { allocated } = onChipBytes;
      if (allocated === null)
        throw new StepError("symbol-unbound", "the bytes on chip depend on a size that the run did not show");
      return { cycles, onChipBytes: allocated };
    },
  };
}

function ordinal(values: readonly number[], start: number): SpaceParameter {
  return { parameter_type: "ordinal", values, parameter_default: start };
}

function powersOfTwo(from: number, to: number): number[] {
  const powers: number[] = [];
  for (let power = from; power <= to; power *= 2) powers.push(power);
  return powers;
}

function tilingOf(text: string): Tiling {
  return text === "dynamic" ? { kind: "dynamic" } : { kind: "static", rows: Number(text.slice("static:".length)) };
}
