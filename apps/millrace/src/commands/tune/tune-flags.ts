/** Flags of `tune`. */
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, type CommonFlags, commonFlags, integerFrom } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import type { ProblemFlags } from "../../tuning/problem.ts";
import type { StudyLimits } from "../../tuning/run-study.ts";

/** The flags of `tune`. */
export interface TuneFlags extends CommonFlags, ProblemFlags {
  readonly serve?: "stdio" | "http" | undefined;
  readonly port: number;
  readonly budget?: number | undefined;
  readonly time?: number | undefined;
  readonly target?: number | undefined;
  readonly jobs: number;
  readonly timeout?: number | undefined;
  readonly retries: number;
  readonly repeat?: number | undefined;
  readonly reduce: StudyLimits["reduce"];
  readonly method?: "model" | "random" | "biased" | "exhaustive" | undefined;
  readonly log?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly record?: readonly Binding[] | undefined;
}

/** Definitions of {@link TuneFlags}. */
export const tuneFlags: FlagParametersForType<TuneFlags, Invocation> = {
  command: text("TEXT", "Program that measures a configuration; {name} stands for a parameter's value"),
  shell: toggle("Let /bin/sh read the command"),
  table: text("FILE", "Recorded measurements that answer instead of a program"),
  module: text("FILE", "JavaScript module whose default export measures a configuration"),
  serve: {
    kind: "enum",
    values: ["stdio", "http"],
    brief: "Let a client evaluate: BaCO's protocol on stdin and stdout, or HTTP on this machine",
    optional: true,
  },
  port: {
    kind: "parsed",
    parse: integerFrom(0, 65_535),
    brief: "Port of --serve http; any unless given",
    placeholder: "N",
    default: "0",
  },
  pattern: {
    kind: "parsed",
    parse: parsePattern,
    brief: "Regular expression that finds the value in what the program prints",
    placeholder: "REGEX",
    optional: true,
  },
  budget: { kind: "parsed", parse: integerFrom(1), brief: "Evaluations in all", placeholder: "N", optional: true },
  time: { kind: "parsed", parse: parseSeconds, brief: "Seconds in all", placeholder: "SECONDS", optional: true },
  target: {
    kind: "parsed",
    parse: parseNumber,
    brief: "End at a value this low",
    placeholder: "VALUE",
    optional: true,
  },
  jobs: {
    kind: "parsed",
    parse: integerFrom(1, 1024),
    brief: "Evaluations at the same time",
    placeholder: "N",
    default: "1",
  },
  timeout: {
    kind: "parsed",
    parse: parseSeconds,
    brief: "Seconds for one evaluation",
    placeholder: "SECONDS",
    optional: true,
  },
  retries: {
    kind: "parsed",
    parse: integerFrom(0, 100),
    brief: "How often a crash, a timeout or garbage is tried again",
    placeholder: "N",
    default: "0",
  },
  repeat: {
    kind: "parsed",
    parse: integerFrom(1, 1000),
    brief: "Evaluations of one configuration",
    placeholder: "N",
    optional: true,
  },
  reduce: {
    kind: "enum",
    values: ["mean", "min", "median"],
    brief: "What becomes of repeated values",
    default: "mean",
  },
  method: {
    kind: "enum",
    values: ["model", "random", "biased", "exhaustive"],
    brief: "How configurations are chosen; what the scenario says unless given",
    optional: true,
  },
  log: text("FILE", "Write every step to this log; OUT/study.log unless given"),
  resume: toggle("Go on with the study in the log"),
  force: toggle("Go on although the log was written in other surroundings"),
  record: {
    kind: "parsed",
    parse: bindingLike('compiler="$(cc --version | head -1)"'),
    brief: "What else the values depend on: kept in the log, compared on --resume",
    placeholder: "NAME=VALUE",
    variadic: true,
    optional: true,
  },
  ...commonFlags,
};

function text(placeholder: string, brief: string) {
  return { kind: "parsed", parse: String, brief, placeholder, optional: true } as const;
}

function toggle(brief: string) {
  return { kind: "boolean", brief, optional: true, withNegated: false } as const;
}

function parseNumber(word: string): number {
  const value = word.trim() === "" ? Number.NaN : Number(word);
  if (Number.isFinite(value)) return value;
  throw new MillraceError("argument", `must be a number, not "${word}"`);
}

function parseSeconds(word: string): number {
  const value = parseNumber(word);
  if (value > 0) return value;
  throw new MillraceError("argument", `must be above 0, not "${word}"`);
}

function parsePattern(word: string): RegExp {
  try {
    return new RegExp(word, "m");
  } catch (cause) {
    throw new MillraceError("argument", `must be a regular expression: ${(cause as Error).message}`, { cause });
  }
}
