import { StepError } from "../errors.ts";
import { expectDivides, expectSizes } from "./sizes.ts";

/** How the rows that an expert gets are packed into tiles. */
export type Tiling = { readonly kind: "static"; readonly rows: number } | { readonly kind: "dynamic" };

/** Sizes of a mixture of SwiGLU experts, and how it is tiled and shared. */
export interface MoeOptions {
  /** Tokens of a batch. */
  readonly batch: number;
  readonly experts: number;
  /** Experts per token. */
  readonly chosen: number;
  /** Size of a token. */
  readonly hidden: number;
  /** Size of a token inside an expert. */
  readonly inner: number;
  /** Tiles of a fixed number of rows, or one tile of as many rows as there are. */
  readonly tiling: Tiling;
  /** Columns of a tile of the inner size. */
  readonly tileInner: number;
  /**
   * Pipelines that experts with neighbouring numbers share (configuration time-multiplexing); without it every expert has
   * a pipeline of its own.
   */
  readonly regions?: number;
  /** Operations per cycle of each node that computes. */
  readonly bandwidth?: number;
}

/** The published sizes of Qwen3-30B-A3B's experts. */
export const qwen30b: Pick<MoeOptions, "experts" | "chosen" | "hidden" | "inner"> = {
  experts: 128,
  chosen: 8,
  hidden: 2048,
  inner: 768,
};

/** The published sizes of Mixtral-8x7B's experts. */
export const mixtral8x7b: Pick<MoeOptions, "experts" | "chosen" | "hidden" | "inner"> = {
  experts: 8,
  chosen: 2,
  hidden: 4096,
  inner: 14336,
};

/** @throws {StepError} `workload-options` naming what is wrong. */
export function checkMoeOptions(options: MoeOptions): void {
  const { batch, experts, chosen, hidden, inner, tileInner, tiling, regions = 1 } = options;
  expectSizes({ batch, experts, chosen, hidden, inner, tileInner, regions });
  if (tiling.kind === "static") expectSizes({ rows: tiling.rows });
  expectDivides("tileInner", tileInner, inner);
  expectDivides("regions", regions, experts);
  if (chosen > experts) {
    throw new StepError("workload-options", `${chosen} experts per token are more than the ${experts} that there are`);
  }
}
