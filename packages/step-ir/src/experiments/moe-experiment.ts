/** Mixtures of experts as the published figures ran them: dynamic tiling, configuration time-multiplexing. */

import type { Model } from "../workloads/models.ts";
import { moe } from "../workloads/moe.ts";
import { expertsOf, type Tiling } from "../workloads/moe-options.ts";
import { routingTrace } from "../workloads/routing-trace.ts";
import { type ExperimentResult, type MachineChoice, runExperiment, type Settings } from "./experiment.ts";

/** A point of the experiments on mixtures of experts. */
export interface MoePoint extends MachineChoice {
  readonly model: Model;
  /** The experts of each token. */
  readonly routing: readonly (readonly number[])[];
  readonly tiling: Tiling;
  /** Pipelines that neighbouring experts share; without it each has its own. */
  readonly regions?: number;
  /** Columns of a tile of the inner size: 64, or 48 with regions where that divides it, unless given. */
  readonly tileInner?: number;
}

/** Operations per cycle of the published runs; with equal settings dynamic tiles get what static ones have. */
export function moeBandwidth({ tiling, regions }: Pick<MoePoint, "tiling" | "regions">, settings: Settings): number {
  if (regions !== undefined) return 1024;
  return settings === "published" && tiling.kind === "dynamic" ? 6400 : 4096;
}

/** How operations are counted: as the published program does, which takes 8·D for each of the 8 of a silu, or right. */
export type FlopsRule = "artifact" | "correct";

/** Operations of the experts for so many rows, padding among them. */
export function moeFlops(rows: number, { hidden, inner }: Pick<Model, "hidden" | "inner">, rule: FlopsRule): number {
  const each = rule === "artifact" ? 14 * hidden * inner + inner : 6 * hidden * inner + 9 * inner;
  return rows * each;
}

/** Rows that the experts work on: those of all tiles. */
export function rowsOf(counts: readonly number[], tiling: Tiling): number {
  const rows = (count: number): number =>
    tiling.kind === "dynamic" ? count : Math.ceil(count / tiling.rows) * tiling.rows;
  return counts.reduce((sum, count) => sum + rows(count), 0);
}

/**
 * Simulates one layer of experts under one tiling, and measures it.
 *
 * @throws {StepError} `trace-malformed`, `workload-options`, or as `simulateProgram`.
 */
export function moeExperiment(point: MoePoint): ExperimentResult {
  const { model, routing, tiling, regions, settings = "published", depth = 2 } = point;
  const narrow = regions !== undefined && model.inner % 48 === 0;
  const { tileInner = narrow ? 48 : 64, bandwidth = moeBandwidth(point, settings) } = point;
  const trace = routingTrace(routing, model.experts);
  const chosen = routing[0]?.length ?? 0;
  const program = moe({
    ...expertsOf(model),
    chosen,
    batch: routing.length,
    tiling,
    tileInner,
    bandwidth,
    ...(regions === undefined ? {} : { regions }),
  });
  const rule = settings === "published" ? "artifact" : "correct";
  const flops = moeFlops(rowsOf(trace.counts, tiling), model, rule);
  return runExperiment(program, trace.sources, { ...point, depth, flops });
}
