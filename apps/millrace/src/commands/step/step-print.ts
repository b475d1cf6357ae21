/** `millrace step print PROGRAM`: a program in any of its forms. */
import { type Program, printGraphviz, printMlir, printProgram, programToJson } from "@millrace/step-ir";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { drawDot } from "../../step/draw-dot.ts";
import { loadProgram } from "../../step/load-program.ts";
import { programArgument } from "./program-argument.ts";

type Form = "text" | "json" | "dot" | "svg" | "mlir";

type StepPrintFlags = CommonFlags & {
  readonly form: Form;
  readonly types?: boolean | undefined;
  readonly to?: string | undefined;
};

/** The `step print` command. */
export const stepPrint: Command<Invocation> = buildCommand<StepPrintFlags, [string], Invocation>({
  docs: {
    brief: "Print a program with the shapes of its streams",
    customUsage: ["PROGRAM [--form text|json|dot|svg|mlir] [--to FILE]"],
    fullDescription: describe(
      "Prints a program as text with the inferred type of every stream, as JSON (version 1), as a Graphviz graph or the\npicture of it, or in MLIR's generic form, which mlir-opt and Netron open. Text and JSON read back as the same program.",
      [
        "millrace step print examples/programs/packed.step",
        "millrace step print examples/programs/packed.step --form svg --to packed.svg",
      ],
    ),
  },
  parameters: {
    flags: {
      form: { kind: "enum", values: ["text", "json", "dot", "svg", "mlir"], brief: "What to print", default: "text" },
      types: { kind: "boolean", brief: "Types of streams as comments; --no-types leaves them out", optional: true },
      to: { kind: "parsed", parse: String, brief: "File to write", placeholder: "FILE", optional: true },
      ...commonFlags,
    },
    positional: { kind: "tuple", parameters: [programArgument] },
  },
  func: presenting<StepPrintFlags, [string]>("step-print", async (flags, place, name) => {
    const program = loadProgram(place.host.folder, name);
    const printed = await print(program, flags);
    const { to, form } = flags;
    if (to !== undefined) place.write(to, printed);
    return {
      json: () => ({ name: program.name, form, ...(to === undefined ? { printed } : { to }) }),
      text: () => (to === undefined ? printed : `${to}: ${program.name} as ${form}\n`),
    };
  }),
});

async function print(program: Program, { form, types = true }: StepPrintFlags): Promise<string> {
  switch (form) {
    case "text":
      return printProgram(program, { types });
    case "json":
      return `${JSON.stringify(programToJson(program), null, 2)}\n`;
    case "dot":
      return printGraphviz(program);
    case "svg":
      return drawDot(printGraphviz(program));
    case "mlir":
      return printMlir(program);
  }
}
