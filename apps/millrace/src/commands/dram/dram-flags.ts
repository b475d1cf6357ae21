/** Flags of `dram run`. */
import {
  type ClockRatio,
  type DramConfiguration,
  type MappingName,
  mappingNames,
  type Profile,
} from "@millrace/sim-core";
import type { FlagParametersForType } from "@stricli/core";
import { type CommonFlags, commonFlags, integerFrom } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import { type TimelineFlags, timelineFlags } from "../../cli/timeline-flags.ts";
import type { TraceForm } from "../../dram/setup.ts";
import { MillraceError } from "../../errors.ts";

/** The flags of `dram run`. */
export interface DramFlags extends CommonFlags, TimelineFlags {
  readonly trace?: string | undefined;
  readonly profile?: Profile | undefined;
  readonly frontend?: TraceForm | undefined;
  readonly channels?: number | undefined;
  readonly mapping?: MappingName | undefined;
  readonly refresh?: DramConfiguration["refresh"] | undefined;
  readonly clockRatio?: ClockRatio | undefined;
  readonly commands?: string | undefined;
  readonly partitioned: boolean;
  readonly jobs?: number | undefined;
}

/** Definitions of {@link DramFlags}. */
export const dramFlags: FlagParametersForType<DramFlags, Invocation> = {
  trace: {
    kind: "parsed",
    parse: String,
    brief: "Requests, gzipped or not; - is standard input",
    placeholder: "FILE",
    optional: true,
  },
  profile: {
    kind: "enum",
    values: ["r20", "r21"],
    brief: "Rules of Ramulator 2.0 or 2.1; what the part has unless given",
    optional: true,
  },
  frontend: {
    kind: "enum",
    values: ["loadstore", "timed", "vector", "dramsim3"],
    brief: "Form of the trace; its first line tells unless given",
    optional: true,
  },
  channels: {
    kind: "parsed",
    parse: integerFrom(1, 1024),
    brief: "Channels, a power of two",
    placeholder: "N",
    optional: true,
  },
  mapping: { kind: "enum", values: mappingNames, brief: "Order of the levels in an address", optional: true },
  refresh: { kind: "enum", values: ["all-bank", "per-bank", "none"], brief: "Way of refreshing", optional: true },
  clockRatio: {
    kind: "parsed",
    parse: parseRatio,
    brief: "Clocks of frontend and memory, like 8:3",
    placeholder: "FE:MEM",
    optional: true,
  },
  commands: {
    kind: "parsed",
    parse: String,
    brief: "Write every DRAM command, in Ramulator's words",
    placeholder: "FILE",
    optional: true,
  },
  ...timelineFlags,
  timeline: {
    kind: "parsed",
    parse: String,
    brief: "Write a timeline of the banks that Perfetto opens (1 cycle is shown as 1 ns)",
    placeholder: "FILE",
    optional: true,
  },
  partitioned: {
    kind: "boolean",
    brief: "A trace and a frontend for each channel: FILE.ch0, FILE.ch1, ...",
    default: false,
    withNegated: false,
  },
  jobs: {
    kind: "parsed",
    parse: integerFrom(1, 1024),
    brief: "Threads for the channels of --partitioned; results do not depend on it",
    placeholder: "N",
    optional: true,
  },
  ...commonFlags,
};

function parseRatio(text: string): ClockRatio {
  const [, frontend, memory] = /^(\d{1,4}):(\d{1,4})$/.exec(text) ?? [];
  const ratio = { frontend: Number(frontend), memory: Number(memory) };
  if (ratio.frontend >= 1 && ratio.memory >= 1) return ratio;
  throw new MillraceError("argument", `must be FE:MEM, not "${text}"`, { help: "for example 8:3" });
}
