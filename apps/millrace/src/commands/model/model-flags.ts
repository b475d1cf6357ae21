/** Flags of the `model` commands. */
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, type CommonFlags, commonFlags } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";

/** The flags every `model` command takes. */
export type ModelFlags = CommonFlags & {
  readonly input?: readonly Binding[];
  readonly format?: readonly Binding[];
  readonly part?: string;
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
  part: {
    kind: "parsed",
    parse: String,
    brief: "Which program of an archive, or function of an MLIR file",
    placeholder: "NAME",
    optional: true,
  },
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
