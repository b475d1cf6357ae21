/** Flags of `tune`. */
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, type CommonFlags, commonFlags, integerFrom } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import type { ProblemFlags, Serving } from "../../tuning/problem.ts";
import type { StudyLimits } from "../../tuning/run-study.ts";

/** The flags of `tune`. */
export interface TuneFlags extends CommonFlags, ProblemFlags {
  readonly budget?: number | undefined;
  readonly time?: number | undefined;
  readonly target?: number | undefined;
  readonly jobs: number;
  readonly timeout?: number | undefined;
  readonly retries: number;
  readonly repeat?: Pick<StudyLimits, "repeat" | "reduce"> | undefined;
  readonly race?: boolean | undefined;
  readonly after?: string | undefined;
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
    kind: "parsed",
    parse: parseServing,
    brief: "Let a client evaluate: BaCO's protocol on stdin and stdout, or HTTP on this machine",
    placeholder: "stdio|http[:PORT]",
    optional: true,
  },
  input: {
    kind: "parsed",
    parse: bindingLike("A=A.mtx"),
    brief: "An input of a space of the workbench, as its own command takes it",
    placeholder: "NAME=VALUE",
    variadic: true,
    optional: true,
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
    parse: parseRepeat,
    brief: "Evaluations of one configuration, and what counts: 5:median, 5:min or their mean, 5",
    placeholder: "N[:REDUCTION]",
    optional: true,
  },
  race: toggle("Repeat no more what is worse than the median of the others so far"),
  method: {
    kind: "enum",
    values: ["model", "random", "biased", "exhaustive"],
    brief: "How configurations are chosen; what the scenario says unless given",
    optional: true,
  },
  log: text("FILE", "Write every step to this log; OUT/study.log unless given"),
  after: text("FILE", "Begin where the study in this log or CSV ended: another, of a like problem"),
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

function parseServing(word: string): Serving {
  if (word === "stdio") return { kind: "stdio" };
  const [, port] = /^http(?::(\d{1,5}))?$/.exec(word) ?? [];
  if (!word.startsWith("http") || Number(port ?? 0) > 65_535 || (port === undefined && word !== "http"))
    throw new MillraceError("argument", `must be stdio, http or http:PORT, not "${word}"`);
  return { kind: "http", port: Number(port ?? 0) };
}

function parseRepeat(word: string): Pick<StudyLimits, "repeat" | "reduce"> {
  const [, count, reduce = "mean"] = /^([1-9]\d{0,2}|1000)(?::(mean|min|median))?$/.exec(word) ?? [];
  if (count === undefined)
    throw new MillraceError("argument", `must be a number from 1 to 1000, perhaps with :min or :median, not "${word}"`);
  return { repeat: Number(count), reduce: reduce as StudyLimits["reduce"] };
}

function parsePattern(word: string): RegExp {
  try {
    return new RegExp(word, "m");
  } catch (cause) {
    throw new MillraceError("argument", `must be a regular expression: ${(cause as Error).message}`, { cause });
  }
}
