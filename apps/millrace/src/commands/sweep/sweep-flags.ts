/** Flags that the commands of `sweep` share. */
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, type CommonFlags, commonFlags, integerFrom } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import type { PoolChoice } from "../../sweep/pool-choice.ts";
import type { SweepChoice } from "../../sweep/sweep-jobs.ts";

/** Flags that say which configurations are run. */
export interface SpaceFlags extends CommonFlags, SweepChoice {
  readonly input?: readonly Binding[] | undefined;
  readonly sample?: number | undefined;
}

/** Definitions of {@link SpaceFlags}. */
export const spaceFlags: FlagParametersForType<SpaceFlags, Invocation> = {
  input: {
    kind: "parsed",
    parse: bindingLike("trace=routing.json"),
    brief: "An input of the space, as millrace tune takes it",
    placeholder: "NAME=VALUE",
    variadic: true,
    optional: true,
  },
  sample: {
    kind: "parsed",
    parse: integerFrom(1, 10_000_000),
    brief: "Run so many, drawn by --seed; all unless given",
    placeholder: "N",
    optional: true,
  },
  ...commonFlags,
};

/** Definitions of the flags that say what runs jobs. */
export const threadFlags: FlagParametersForType<Pick<PoolChoice, "jobs" | "timeout">, Invocation> = {
  jobs: {
    kind: "parsed",
    parse: integerFrom(1, 1024),
    brief: "Jobs at the same time; as many as there are cores unless given",
    placeholder: "N",
    optional: true,
  },
  timeout: {
    kind: "parsed",
    parse: parseSeconds,
    brief: "Seconds for one job",
    placeholder: "SECONDS",
    optional: true,
  },
};

function parseSeconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 1e6) return value;
  throw new MillraceError("argument", `must be above 0, not "${text}"`);
}

/** The definition of `--queue`. */
export const queueFlag: {
  readonly kind: "parsed";
  readonly parse: (text: string) => string;
  readonly brief: string;
  readonly placeholder: string;
} = {
  kind: "parsed",
  parse: String,
  brief: "Redis or Valkey through which workers get jobs, such as redis://127.0.0.1:6379",
  placeholder: "ADDRESS",
};
