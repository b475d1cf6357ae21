/** Flags of the commands that compile an expression. */

import { type LoweredExpression, lowerExpression } from "@millrace/fuseflow-sparse";
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, bindingTable } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";

/** What says how an expression is compiled. */
export interface CompileFlags {
  readonly format?: readonly Binding[] | undefined;
  readonly order?: string | undefined;
  readonly locate?: boolean | undefined;
}

/** Definitions of {@link CompileFlags}. */
export const compileFlags: FlagParametersForType<CompileFlags, Invocation> = {
  format: {
    kind: "parsed",
    parse: bindingLike("B=ds"),
    brief: "How a tensor is stored: d dense, s compressed; ds, ss10, CSR",
    placeholder: "NAME=FORMAT",
    variadic: true,
    optional: true,
  },
  order: {
    kind: "parsed",
    parse: String,
    brief: "Loops, outermost first, such as i,k,j; else the first order that fits",
    placeholder: "i,j",
    optional: true,
  },
  locate: {
    kind: "boolean",
    brief: "Look up dense levels instead of scanning them",
    optional: true,
    withNegated: false,
  },
};

/** The EXPRESSION argument. */
export const expressionArgument: {
  readonly brief: string;
  readonly placeholder: string;
  readonly parse: (text: string) => string;
} = { brief: 'Index notation, such as "X(i,j)=B(i,k)*C(k,j)"', placeholder: "EXPRESSION", parse: String };

/**
 * Compiles an expression as the flags say.
 *
 * @throws {DiagnosticError} with everything that is wrong with the expression, the formats and the order
 */
export function compileExpression(expression: string, flags: CompileFlags): LoweredExpression {
  const { format, order, locate } = flags;
  return lowerExpression(expression, {
    formats: Object.fromEntries(bindingTable("--format", format ?? [])),
    ...(order === undefined ? {} : { order: order.split(",").map((name) => name.trim()) }),
    ...(locate === undefined ? {} : { locate }),
  });
}
