/** Decode attention as the published figures ran it: coarse, interleaved and dynamic parallelization. */
import { attention } from "../workloads/attention.ts";
import { type AttentionOptions, headsOf, type Strategy } from "../workloads/attention-options.ts";
import { attentionTrace } from "../workloads/attention-trace.ts";
import type { Model } from "../workloads/models.ts";
import { type ExperimentResult, type MachineChoice, runExperiment } from "./experiment.ts";

/** A point of the experiments on attention. */
export interface AttentionPoint extends MachineChoice {
  readonly model: Model;
  /** Keys of each request before the new one. */
  readonly lengths: readonly number[];
  readonly strategy: Strategy;
  /** Pipelines; 4 unless given. */
  readonly regions?: number;
  /** Rows of keys in a tile; 32 unless given. */
  readonly tileRows?: number;
  /** Requests that wait in front of a region; 1 as published, 16 with equal settings unless given. */
  readonly queueDepth?: number;
}

/**
 * The program of a point. With equal settings all regions have work under every strategy, and requests queue in front of
 * them; as published, coarse blocks are of 16 and nothing queues.
 */
export function attentionOptions(point: AttentionPoint): AttentionOptions {
  const { model, lengths, strategy, settings = "published", bandwidth = 2048, regions = 4, tileRows = 32 } = point;
  const batch = lengths.length;
  const cacheTiles = lengths.reduce((most, length) => Math.max(most, Math.ceil((length + 1) / tileRows)), 1);
  const { queueDepth = settings === "equal" ? 16 : 1 } = point;
  const queues = { queueDepth, ...(settings === "equal" ? { block: Math.ceil(batch / regions) } : {}) };
  return { batch, ...headsOf(model), cacheTiles, strategy, bandwidth, regions, tileRows, ...queues };
}

/**
 * Simulates decode attention of one batch under one strategy, and measures it.
 *
 * @throws {StepError} `trace-malformed`, `workload-options`, or as `simulateProgram`.
 */
export function attentionExperiment(point: AttentionPoint): ExperimentResult {
  const options = attentionOptions(point);
  const { sources } = attentionTrace(point.lengths, options);
  return runExperiment(attention(options), sources, point);
}
