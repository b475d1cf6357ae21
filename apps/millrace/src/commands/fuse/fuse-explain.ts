/** `millrace fuse explain MODEL`: why a model's regions take the time they take, and what to fuse instead. */
import { compileProgram, explainRun, simulateProgram, storedTensor } from "@millrace/fuseflow-sparse";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { checkModel, decisionsToText, modelCheckToText, modelToJson, regionsToText } from "../../fuse/run-model.ts";
import { machineMemory } from "../../inputs/machine-memory.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { type FuseFlags, fuseFlags, modelArgument, modelOf } from "./fuse-flags.ts";
import { simulateModel } from "./fuse-simulate.ts";

/** The `fuse explain` command. */
export const fuseExplain: Command<Invocation> = buildCommand<CommonFlags & FuseFlags, [string], Invocation>({
  docs: {
    brief: "Say why a model's regions are slow, and what to fuse instead",
    customUsage: ["MODEL [-i NAME=VALUE]... [--schedule FILE | --fuse GRANULARITY]"],
    fullDescription: describe(
      "Simulates a model as `fuse simulate` does and, for comparison, with every statement alone. Says of each region which\nblock it waits for, what is computed again and how often, and what to change.",
      ["millrace fuse explain gcn --fuse full"],
    ),
  },
  parameters: {
    flags: { ...fuseFlags, ...commonFlags },
    aliases: { i: "input" },
    positional: { kind: "tuple", parameters: [modelArgument] },
  },
  func: presenting<CommonFlags & FuseFlags, [string]>("fuse-explain", async (flags, place, name) => {
    const model = await modelOf(name, flags, { run: true, place });
    const { program, operands } = model;
    const { compiled, run, memory } = simulateModel(model, flags, place);
    place.progress.begin("simulating every statement alone");
    const stored = new Map(Object.entries(operands).map(([tensor, value]) => [tensor, storedTensor(value)]));
    const regions = program.statements.map(({ tensor }) => ({ name: tensor, tensors: [tensor] }));
    const apart = compileProgram(program, { schedule: { ...compiled.schedule, regions }, stored });
    const alone = simulateProgram(apart, operands, { memory: machineMemory(place.host.folder, memory) });
    const explanations = explainRun(run, alone);
    const check = checkModel(model, run);
    const total = `Statement by statement the model takes ${alone.cycles} cycles, fused like this ${run.cycles}.`;
    return {
      status: check.passed === false ? 3 : 0,
      json: () =>
        modelToJson(model, run, check, {
          memory,
          alone: alone.cycles,
          explanations: explanations as unknown as JsonValue,
        }),
      text: () => {
        const paragraphs = explanations.map(({ sentences }) => sentences.join("\n  "));
        return `${regionsToText(run)}${decisionsToText(compiled)}\n${paragraphs.join("\n\n")}\n\n${total}\n\n${modelCheckToText(check)}`;
      },
    };
  }),
});
