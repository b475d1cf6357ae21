/** Flags of the `model` commands. */
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, type CommonFlags, commonFlags } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import { type PartFlag, partFlag } from "../../cli/part-flag.ts";

/** The flags every `model` command takes. */
export type ModelFlags = CommonFlags &
  PartFlag & {
    readonly input?: readonly Binding[];
    readonly format?: readonly Binding[];
  };

/** Definitions of {@link ModelFlags}. */
export const modelFlags: FlagParametersForType<ModelFlags, Invocation> = {
  input: {
    kind: "parsed",
    parse: bindingLike("-i A=adjacency.mtx"),
    brief: "An input from a tensor file; its zeros are counted by show",
    placeholder: "NAME=FILE",
    variadic: true,
    optional: true,
  },
  format: {
    kind: "parsed",
    parse: bindingLike("-f A=CSR"),
    brief: "How an input or weight is stored",
    placeholder: "NAME=FORMAT",
    variadic: true,
    optional: true,
  },
  ...partFlag,
  ...commonFlags,
};

/** The MODEL argument. */
export const modelArgument: {
  readonly brief: string;
  readonly placeholder: string;
  readonly parse: (text: string) => string;
} = {
  brief: "Model file of any format that is known",
  placeholder: "MODEL",
  parse: String,
};
