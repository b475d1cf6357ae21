import type { TypedPositionalParameter } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";

/** The program that a command of `step` takes. */
export const programArgument: TypedPositionalParameter<string, Invocation> = {
  brief: "A program: text (.step) or JSON",
  placeholder: "PROGRAM",
  parse: String,
};
