/** Flags of the commands that simulate a graph. */

import type { TimingProfileName } from "@millrace/fuseflow-sparse";
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, integerFrom } from "../cli/flags.ts";
import type { Invocation } from "../cli/outcome.ts";
import type { MemoryName } from "../simulation/run-graph.ts";

/** What says on which operands and on which machine a graph runs. */
export interface SimulationFlags {
  readonly input?: readonly Binding[] | undefined;
  readonly profile?: TimingProfileName | undefined;
  readonly memory: MemoryName;
  readonly fifo?: number | undefined;
  readonly timeline?: string | undefined;
}

/** Definitions of {@link SimulationFlags}. */
export const simulationFlags: FlagParametersForType<SimulationFlags, Invocation> = {
  input: {
    kind: "parsed",
    parse: bindingLike("B=B.mtx"),
    brief: "Operand: a tensor file, a number, or random:64x32:0.05",
    placeholder: "NAME=VALUE",
    variadic: true,
    optional: true,
  },
  profile: {
    kind: "enum",
    values: ["sam-sync", "comal"],
    brief: "Clock rules; comal unless given (sam-sync for recorded cases)",
    optional: true,
  },
  memory: { kind: "enum", values: ["none", "hbm-burst"], brief: "Model of the memory", default: "none" },
  fifo: {
    kind: "parsed",
    parse: integerFrom(1, 1_000_000_000),
    brief: "Tokens a queue holds before its producer waits; unbounded unless given",
    placeholder: "N",
    optional: true,
  },
  timeline: {
    kind: "parsed",
    parse: String,
    brief: "Write a timeline that Perfetto opens",
    placeholder: "FILE",
    optional: true,
  },
};
