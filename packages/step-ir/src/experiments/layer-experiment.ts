/** A whole decoder layer on traces of lengths and of routing. */
import type { Strategy } from "../workloads/attention-options.ts";
import { decoderLayer } from "../workloads/decoder/decoder-layer.ts";
import type { DecoderOptions } from "../workloads/decoder/decoder-options.ts";
import { decoderTrace } from "../workloads/decoder/decoder-trace.ts";
import type { Model } from "../workloads/models.ts";
import type { Tiling } from "../workloads/moe-options.ts";
import { type ExperimentResult, type MachineChoice, runExperiment } from "./experiment.ts";

/** A point of the experiments on whole layers. */
export interface LayerPoint extends MachineChoice {
  readonly model: Model;
  /** Keys of each request before the new one. */
  readonly lengths: readonly number[];
  /** The experts of each token. */
  readonly routing: readonly (readonly number[])[];
  readonly tiling: Tiling;
  readonly strategy: Strategy;
  /** Pipelines that neighbouring experts share; without it each has its own. */
  readonly regions?: number;
}

/**
 * Simulates a decoder layer part by part, and adds up what was measured.
 *
 * @throws {StepError} `trace-malformed`, `workload-options`, or as `simulateProgram`.
 */
export function layerExperiment(point: LayerPoint): ExperimentResult {
  const { model, lengths, routing, tiling, strategy, regions, depth = 2, bandwidth } = point;
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const options: DecoderOptions = {
    model: { ...model, chosen: routing[0]?.length ?? 0 },
    batch: routing.length,
    cacheTiles: Math.ceil((longest + 1) / 32),
    tiling,
    strategy,
    ...(regions === undefined ? {} : { expertRegions: regions }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
  };
  return runExperiment(decoderLayer(options), decoderTrace(lengths, routing, options), { ...point, depth });
}
