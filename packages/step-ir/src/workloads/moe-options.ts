import { StepError } from "../errors.ts";
import { type Model, modelNamed } from "./models.ts";
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

/** What the experts of a model are like. */
export type ExpertSizes = Pick<MoeOptions, "experts" | "chosen" | "hidden" | "inner">;

/** The published sizes of Qwen3-30B-A3B's experts. */
export const qwen30b: ExpertSizes = expertsOf(modelNamed("qwen3-30b-a3b"));

/** The published sizes of Mixtral-8x7B's experts. */
export const mixtral8x7b: ExpertSizes = expertsOf(modelNamed("mixtral-8x7b"));

/** The experts of a model. */
export function expertsOf({ experts, chosen, hidden, inner }: Model): ExpertSizes {
  return { experts, chosen, hidden, inner };
}

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
