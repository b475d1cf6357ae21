/** The flag of every command that reads a model file of several parts. */
import type { FlagParametersForType } from "@stricli/core";
import type { Invocation } from "./outcome.ts";

/** Which part of a model file is meant. */
export interface PartFlag {
  readonly part?: string | undefined;
}

/** The definition of {@link PartFlag}. */
export const partFlag: FlagParametersForType<PartFlag, Invocation> = {
  part: {
    kind: "parsed",
    parse: String,
    brief: "Which program of an archive, or function of an MLIR file",
    placeholder: "NAME",
    optional: true,
  },
};
