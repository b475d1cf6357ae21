/** The scheduler against every other policy, at equal interactivity and at equal throughput, for several models. */
import {
  baselineNames,
  type Contention,
  DrawnRouting,
  type Hardware,
  assumptions as hardwareAssumptions,
  type IsoRatios,
  isoRatios,
  LayerCosts,
  type MoeModel,
  type Sensitivity,
  sensitivity,
} from "@millrace/sieve-pim";
import type { Workplace } from "../cli/outcome.ts";
import { MillraceError } from "../errors.ts";
import { frontiers, type PolicyFrontier } from "./frontier.ts";

/** What the paper's abstract claims over earlier PIM systems, for throughput and for interactivity alike. */
export const claimed: Readonly<Record<string, number>> = {
  "qwen3.5-397b-a17b": 1.3,
  "gpt-oss-120b": 1.3,
  "qwen3-30b-a3b": 1.6,
};

/** One model under one contention. */
export interface ModelComparison {
  readonly model: string;
  readonly contention: Contention;
  readonly frontiers: readonly PolicyFrontier[];
  /** The scheduler over each policy. */
  readonly over: readonly ({ readonly policy: string } & IsoRatios)[];
  /** The smallest of these ratios over the plain rules, and over all. */
  readonly overPlain: IsoRatios;
  readonly overBest: IsoRatios;
}

/** Everything that is compared. */
export interface Comparison {
  readonly models: readonly ModelComparison[];
  readonly sensitivities: readonly { readonly model: string; readonly batch: number; readonly result: Sensitivity }[];
  readonly assumptions: readonly string[];
}

/** What to compare. */
export interface ComparisonOptions {
  readonly models: readonly MoeModel[];
  readonly hardware: Hardware;
  readonly prompt: number;
  readonly output: number;
  readonly seed: number;
  readonly place: Workplace;
}

/** Rules that look at no counts but one: what PIM systems for dense models do. */
export const plainRules: readonly string[] = ["gpu-only", "pim-all", "gemv-static"];

/** Sequences of the sensitivity study. */
const SENSITIVITY_BATCH = 64;
const contentions = ["disjoint", "exclusive", "dual-row-buffer"] as const;

/** Compares all models under the three contentions; then moves each assumption for each model. */
export function compareModels(options: ComparisonOptions): Comparison {
  const { models, hardware, seed, place } = options;
  const routings = models.map((model) => new DrawnRouting(model, seed));
  return {
    models: models.flatMap((model, at) =>
      contentions.map((contention) => compared(options, { model, contention, routing: routings[at]! })),
    ),
    sensitivities: models.map((model) => ({
      model: model.id,
      batch: SENSITIVITY_BATCH,
      result: sensitivity({
        model,
        hardware,
        baselines: plainRules,
        batch: SENSITIVITY_BATCH,
        seed,
        begin: (assumption) => step(place, `${model.id}: ${assumption}`),
      }),
    })),
    assumptions: assumptionsOf(options, routings),
  };
}

function step(place: Workplace, task: string): void {
  if (place.host.stopRequested()) throw new MillraceError("interrupted", `interrupted before ${task}`);
  place.progress.begin(task);
}

interface Case {
  readonly model: MoeModel;
  readonly contention: Contention;
  readonly routing: DrawnRouting;
}

function compared(options: ComparisonOptions, { model, contention, routing }: Case): ModelComparison {
  const { hardware, prompt, output, place } = options;
  const lines = frontiers({
    model,
    hardware: { ...hardware, contention },
    policies: ["sieve", ...baselineNames],
    routing,
    prompt,
    output,
    begin: (policy) => step(place, `${model.id}, ${contention}, ${policy}`),
  });
  const [own, ...others] = lines;
  const over = others.map(({ policy, points }) => ({ policy, ...isoRatios(own!.points, points) }));
  return {
    model: model.id,
    contention,
    frontiers: lines,
    over,
    overPlain: smallest(over.filter((each) => plainRules.includes(each.policy))),
    overBest: smallest(over),
  };
}

function smallest(all: readonly IsoRatios[]): IsoRatios {
  const least = (of: (ratios: IsoRatios) => number | null): number | null => {
    const values = all.map(of).filter((value) => value !== null);
    return values.length === 0 ? null : Math.min(...values);
  };
  return {
    throughputAtEqualInteractivity: least((ratios) => ratios.throughputAtEqualInteractivity),
    interactivityAtEqualThroughput: least((ratios) => ratios.interactivityAtEqualThroughput),
  };
}

function assumptionsOf(
  { models, hardware, prompt, output }: ComparisonOptions,
  routings: readonly DrawnRouting[],
): string[] {
  const own = models.flatMap((model, at) => {
    const costs = new LayerCosts(model, hardware);
    return [routings[at]!.source, costs.kernel.source, costs.links.source].map((each) => `${model.id}: ${each}`);
  });
  return [
    `${hardware.gpus} x ${hardware.gpu.id}; the paper's abstract names neither GPU nor PIM stacks, batches, lengths or baselines`,
    "interactivity is taken to be output tokens per second and user",
    `batches of 1 to 1,024 sequences in powers of two, ${prompt} prompt and ${output} output tokens each; only generating steps count`,
    "ratios are geometric means over the range that both frontiers reach",
    "baselines are our own policies over the same simulator, after the descriptions that are public",
    ...own,
    ...hardwareAssumptions,
  ];
}
