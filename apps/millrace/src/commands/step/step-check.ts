/** `millrace step check PROGRAM`: whether a program is well formed. */
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { loadProgram } from "../../step/load-program.ts";
import { counted } from "../../terminal/wording.ts";
import { programArgument } from "./program-argument.ts";

/** The `step check` command. */
export const stepCheck: Command<Invocation> = buildCommand<CommonFlags, [string], Invocation>({
  docs: {
    brief: "Check a program",
    customUsage: ["PROGRAM [--json]"],
    fullDescription: describe(
      "Reads a program and checks its grammar, the ranks, shapes and element types of its streams, ragged and dynamic\ndimensions, and that cycles are closed. All faults of a text are listed, with their places; the status is then 2.",
      ["millrace step check examples/programs/packed.step"],
    ),
  },
  parameters: { flags: commonFlags, positional: { kind: "tuple", parameters: [programArgument] } },
  func: presenting<CommonFlags, [string]>("step-check", (_flags, place, name) => {
    const program = loadProgram(place.host.folder, name);
    const { nodes, tensors, symbols, assertions } = program;
    const streams = nodes.reduce((sum, node) => sum + node.outputs.length, 0);
    return {
      json: () => ({
        valid: true,
        name: program.name,
        nodes: nodes.length,
        streams,
        tensors: tensors.size,
        symbols: [...symbols],
        assertions: assertions.size,
      }),
      text: () =>
        `${program.name}: well formed, ${counted(nodes.length, "node", "nodes")}, ${counted(streams, "stream", "streams")}, ${counted(tensors.size, "tensor", "tensors")}\n`,
    };
  }),
});
