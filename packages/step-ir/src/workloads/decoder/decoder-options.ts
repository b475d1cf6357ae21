import { StepError } from "../../errors.ts";
import type { Strategy } from "../attention-options.ts";
import type { Model } from "../models.ts";
import type { Tiling } from "../moe-options.ts";
import { expectDivides, expectSizes } from "../sizes.ts";

/** Sizes of a decoder layer, and how its parts are spread. */
export interface DecoderOptions {
  readonly model: Model;
  /** Tokens: one of each request. */
  readonly batch: number;
  /** Tiles that the cache holds per request and key head. */
  readonly cacheTiles: number;
  readonly tiling: Tiling;
  readonly strategy: Strategy;
  /** Pipelines that neighbouring experts share; without it each expert has its own. */
  readonly expertRegions?: number;
  /** Pipelines of attention; 4 unless given. */
  readonly attentionRegions?: number;
  /** Rows of keys in a tile; 32 unless given. */
  readonly tileRows?: number;
  /** Columns of a weight tile of an expert; 64 unless given. */
  readonly tileInner?: number;
  /** Columns of a weight tile of the output projection; 64 unless given. */
  readonly tileOut?: number;
  /** Operations per cycle of each node that computes; 4096 unless given. */
  readonly bandwidth?: number;
}

/** All settings. */
export type DecoderSettings = Required<Omit<DecoderOptions, "expertRegions">> & Pick<DecoderOptions, "expertRegions">;

/** The options with what was left out. @throws {StepError} `workload-options` naming what is wrong. */
export function decoderSettings(options: DecoderOptions): DecoderSettings {
  const { attentionRegions = 4, tileRows = 32, tileInner = 64, tileOut = 64, bandwidth = 4096 } = options;
  const { model, batch, cacheTiles } = options;
  expectSizes({ batch, cacheTiles, attentionRegions, tileRows, tileInner, tileOut, bandwidth });
  expectDivides("tileOut", tileOut, model.hidden);
  if (model.queryHeads % model.keyHeads !== 0) {
    throw new StepError(
      "workload-options",
      `${model.keyHeads} key heads do not divide ${model.queryHeads} query heads`,
    );
  }
  return { ...options, attentionRegions, tileRows, tileInner, tileOut, bandwidth };
}
