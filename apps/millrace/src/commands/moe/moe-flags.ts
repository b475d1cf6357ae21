/** Flags that the commands of `moe` share. */
import { type Contention, contentions } from "@millrace/sieve-pim";
import type { FlagParametersForType } from "@stricli/core";
import { type CommonFlags, commonFlags, integerFrom } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import type { GpuModelName, MachineChoice } from "../../moe/machine.ts";

/** Flags that choose model and machine. */
export interface MachineFlags extends CommonFlags, MachineChoice {
  readonly model: string;
  readonly hardware: string;
  readonly gpus?: number | undefined;
  readonly contention?: Contention | undefined;
  readonly gpuModel?: GpuModelName | undefined;
  readonly pimTiming?: string | undefined;
}

/** Definitions of {@link MachineFlags}. */
export const machineFlags: FlagParametersForType<MachineFlags, Invocation> = {
  model: {
    kind: "parsed",
    parse: String,
    brief: "Name of a model, or a .json file with one",
    placeholder: "MODEL",
  },
  hardware: {
    kind: "parsed",
    parse: String,
    brief: "h100, h200, b200, or a .json file: a base and what differs",
    placeholder: "NAME",
    default: "h200",
  },
  gpus: {
    kind: "parsed",
    parse: integerFrom(1, 1024),
    brief: "GPUs over which the experts are spread",
    placeholder: "N",
    optional: true,
  },
  contention: {
    kind: "enum",
    values: contentions,
    brief: "PIM in stacks of its own, or how it shares the GPU's",
    optional: true,
  },
  gpuModel: {
    kind: "enum",
    values: ["table", "roofline", "tiled"],
    brief: "Where the GPU's time comes from",
    optional: true,
  },
  pimTiming: {
    kind: "parsed",
    parse: String,
    brief: "Timing of the PIM stacks; HBM3_5.2Gbps unless given",
    placeholder: "NAME",
    optional: true,
  },
  ...commonFlags,
};
