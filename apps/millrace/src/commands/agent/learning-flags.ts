/** Flags of the commands that sample programs from a model. */
import type { LearningSpec, Policy, Task } from "@millrace/aspl-agent";
import type { FlagParametersForType } from "@stricli/core";
import { type CommonFlags, commonFlags, integerFrom } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";

/** Flags of `agent run`. */
export interface LearningFlags extends CommonFlags {
  readonly synth?: boolean | undefined;
  readonly endpoint?: string | undefined;
  readonly model?: string | undefined;
  readonly tasks?: string | undefined;
  readonly policy: Policy;
  readonly rollouts: number;
  readonly temperatures: readonly number[];
  readonly guardian: LearningSpec["guardian"];
  readonly compatible?: boolean | undefined;
  readonly maxIterations: number;
  readonly enumerator: number;
  readonly optimize: number;
  readonly maxSamples?: number | undefined;
  readonly maxCalls?: number | undefined;
  readonly maxDollars?: number | undefined;
  readonly time?: number | undefined;
  readonly jobs: number;
}

const count = (brief: string, fallback: string) =>
  ({ kind: "parsed", parse: integerFrom(1), brief, placeholder: "N", default: fallback }) as const;
const cap = (brief: string) =>
  ({ kind: "parsed", parse: integerFrom(1), brief, placeholder: "N", optional: true }) as const;
const text = (brief: string, placeholder: string) =>
  ({ kind: "parsed", parse: String, brief, placeholder, optional: true }) as const;

/** Definitions of {@link LearningFlags}. */
export const learningFlags: FlagParametersForType<LearningFlags, Invocation> = {
  synth: {
    kind: "boolean",
    brief: "Ask the built-in n-gram synthesiser, which is no language model",
    optional: true,
    withNegated: false,
  },
  endpoint: text("Endpoint of OpenAI's chat protocol (or ASPL_BASE_URL), key in ASPL_API_KEY", "URL"),
  model: text("Name of the model there; ASPL_MODEL unless given", "NAME"),
  tasks: text("Task file (JSON, YAML); 17 tasks of the published benchmark unless given", "FILE"),
  policy: {
    kind: "parsed",
    parse: parsePolicy,
    brief: "Which successes are shown: adaptive:LEVELS, resample, hard-only or random",
    placeholder: "POLICY",
    default: "adaptive:3",
  },
  rollouts: count("Samples of a task at each temperature in an iteration", "16"),
  temperatures: {
    kind: "parsed",
    parse: parseTemperatures,
    brief: "Temperatures, with commas between them",
    placeholder: "T,...",
    default: "0.7",
  },
  guardian: {
    kind: "enum",
    values: ["auto", "model", "none"],
    brief: "Who inserts Copies: a rule, the model in a second call, or nobody",
    default: "auto",
  },
  compatible: {
    kind: "boolean",
    brief: "Count uses as published: returning a stream is none",
    optional: true,
    withNegated: false,
  },
  maxIterations: count("Most iterations", "24"),
  enumerator: count("Operators that the enumerator tries for each task, beside the learner", "20000"),
  optimize: {
    kind: "parsed",
    parse: integerFrom(0),
    brief: "Iterations of making right programs cheaper, with a control of as many",
    placeholder: "N",
    default: "0",
  },
  maxSamples: cap("Most samples of the learner"),
  maxCalls: cap("Most calls of the model"),
  maxDollars: {
    kind: "parsed",
    parse: parseDollars,
    brief: "Most US dollars, at the prices in ASPL_PRICES",
    placeholder: "USD",
    optional: true,
  },
  time: cap("Most seconds"),
  jobs: count("Calls under way at once; results do not depend on it", "4"),
  ...commonFlags,
};

function parsePolicy(text: string): Policy {
  const [, levels] = /^adaptive:([1-9])$/.exec(text) ?? [];
  if (levels !== undefined) return { kind: "adaptive", levels: Number(levels) };
  if (text === "resample" || text === "hard-only") return { kind: text };
  if (text === "random") return { kind: "random", seed: 0 };
  throw new MillraceError("argument", `must be adaptive:1 to adaptive:9, resample, hard-only or random, not "${text}"`);
}

function parseTemperatures(text: string): readonly number[] {
  const temperatures = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (temperatures.every((one) => one >= 0 && one <= 2)) return temperatures;
  throw new MillraceError("argument", `must be numbers from 0 to 2 with commas between them, not "${text}"`);
}

function parseDollars(text: string): number {
  const dollars = Number(text);
  if (text.trim() !== "" && dollars > 0 && Number.isFinite(dollars)) return dollars;
  throw new MillraceError("argument", `must be a number above 0, not "${text}"`);
}

/** What a run is to do. */
export function specOf(flags: LearningFlags, tasks: readonly Task[], model: string): LearningSpec {
  const { policy, seed } = flags;
  return {
    tasks: tasks.map(({ id }) => id),
    policy: policy.kind === "random" ? { ...policy, seed } : policy,
    seed,
    model,
    rollouts: flags.rollouts,
    temperatures: flags.temperatures,
    maxTokens: 1024,
    guardian: flags.guardian,
    rule: flags.compatible ? "compatible" : "strict",
    maximumIterations: flags.maxIterations,
    controls: { enumeratorOperators: flags.enumerator },
    ...(flags.optimize > 0 && { optimize: { iterations: flags.optimize, rollouts: flags.rollouts, lessons: 8 } }),
    ...(flags.maxSamples !== undefined && { maximumSamples: flags.maxSamples }),
  };
}
