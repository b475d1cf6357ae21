import { StepError } from "../errors.ts";
import { type Model, modelNamed } from "./models.ts";
import { expectSizes } from "./sizes.ts";

/**
 * How requests are spread over regions: blocks of neighbours in turn, one by one in turn, or each to the region that has
 * read its cache first.
 */
export type Strategy = "coarse" | "interleaved" | "dynamic";

/** Sizes of decode attention for one key and value head, and how requests are spread. */
export interface AttentionOptions {
  /** Requests. */
  readonly batch: number;
  /** Query heads that share the keys. */
  readonly queries: number;
  /** Size of a head. */
  readonly headSize: number;
  /** Tiles that the cache holds per request. */
  readonly cacheTiles: number;
  readonly strategy: Strategy;
  /** Rows of keys in a tile; 32 unless given. */
  readonly tileRows?: number;
  /** Pipelines; 4 unless given. */
  readonly regions?: number;
  /** Neighbouring requests that `coarse` sends to one region; 16 unless given. */
  readonly block?: number;
  /** Operations per cycle of each node that computes. */
  readonly bandwidth?: number;
  /** Requests that wait in front of a region; 1 unless given, with which the published cycles come out, though the
   * published program asks for 16. */
  readonly queueDepth?: number;
  /** Tiles that wait to be written back; 4 unless given. */
  readonly writeBackDepth?: number;
}

/** All settings. */
export type AttentionSettings = Required<Omit<AttentionOptions, "bandwidth">> & Pick<AttentionOptions, "bandwidth">;

/** Heads of attention that share their keys. */
export type HeadSizes = Pick<AttentionOptions, "queries" | "headSize">;

/** The attention of Qwen3-30B-A3B as the published program runs it: 8 query heads of 64 for each key head. */
export const qwen30bAttention: HeadSizes = headsOf(modelNamed("qwen3-30b-a3b"));

/** The attention of Mixtral-8x7B: 4 query heads of 128 for each key head. */
export const mixtral8x7bAttention: HeadSizes = headsOf(modelNamed("mixtral-8x7b"));

/** The heads of a model that share their keys. */
export function headsOf({ queryHeads, keyHeads, headSize }: Model): HeadSizes {
  return { queries: queryHeads / keyHeads, headSize };
}

/** The options with what was left out. @throws {StepError} `workload-options` naming what is wrong. */
export function attentionSettings(options: AttentionOptions): AttentionSettings {
  const { tileRows = 32, regions = 4, block = 16, queueDepth = 1, writeBackDepth = 4 } = options;
  const { batch, queries, headSize, cacheTiles, strategy } = options;
  expectSizes({ batch, queries, headSize, cacheTiles, tileRows, regions, block, queueDepth, writeBackDepth });
  if (!["coarse", "interleaved", "dynamic"].includes(strategy)) {
    throw new StepError("workload-options", `strategy must be coarse, interleaved or dynamic, not ${strategy}`);
  }
  return { ...options, tileRows, block, queueDepth, writeBackDepth, regions: Math.min(regions, batch) };
}

/** The requests of each region under `coarse`, in order. */
export function coarseRegions({ batch, block, regions }: AttentionSettings): readonly (readonly number[])[] {
  const requests = Array.from({ length: regions }, (): number[] => []);
  for (let request = 0; request < batch; request++) requests[Math.floor(request / block) % regions]!.push(request);
  return requests.filter((some) => some.length > 0);
}
