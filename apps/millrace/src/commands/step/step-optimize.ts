/** `millrace step optimize PROGRAM`: the optimisations of the paper on a program of one's own. */
import { applyPass, type PassResult, type PassSettings, type Program, passes, printProgram } from "@millrace/step-ir";
import type { PassStage } from "@millrace/studio";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { stepGraphView } from "../../step/graph-view.ts";
import { loadProgram } from "../../step/load-program.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { programArgument } from "./program-argument.ts";

/** A pass with its settings, as the command line names it. */
interface ChosenPass {
  readonly name: string;
  readonly settings: PassSettings;
}

type StepOptimizeFlags = CommonFlags & { readonly pass: readonly ChosenPass[]; readonly to?: string | undefined };

/** The `step optimize` command. */
export const stepOptimize: Command<Invocation> = buildCommand<StepOptimizeFlags, [string], Invocation>({
  docs: {
    brief: "Apply dynamic tiling, time-multiplexing or dynamic parallelization",
    customUsage: ["PROGRAM --pass NAME[:SETTING=VALUE[,...]]... [--to FILE]"],
    fullDescription: describe(
      `Changes a program where the change keeps its results, says why that is so for every place, and prints the program.\nA pass that may change nothing says what forbids it; the status is then 2.\n${passes.map(({ name, about }) => `  ${name.padEnd(20)}${about}`).join("\n")}`,
      [
        "millrace step optimize examples/programs/unpacked.step --pass dynamic-tiling",
        "millrace step optimize examples/programs/unpacked.step --pass dynamic-tiling --to dynamic.step --json",
      ],
    ),
  },
  parameters: {
    flags: {
      pass: {
        kind: "parsed",
        parse: parsePass,
        brief: "A pass and its settings, in the order of applying",
        placeholder: "NAME[:SETTING=VALUE]",
        variadic: true,
      },
      to: { kind: "parsed", parse: String, brief: "File to write the program to", placeholder: "FILE", optional: true },
      ...commonFlags,
    },
    positional: { kind: "tuple", parameters: [programArgument] },
  },
  func: presenting<StepOptimizeFlags, [string]>("step-optimize", (flags, place, name) => {
    let program: Program = loadProgram(place.host.folder, name);
    const stages: PassStage[] = [stageOf("program", program, true)];
    const applied = flags.pass.map(({ name: pass, settings }) => {
      const result = applyPass(program, pass, settings);
      program = result.program;
      stages.push({ ...stageOf(pass, program, result.changed.length > 0), note: explanation(pass, result).trimEnd() });
      return { pass, result };
    });
    const printed = printProgram(program);
    place.kept?.view("passes", `Passes over ${program.name}`, { stages });
    const { to } = flags;
    if (to !== undefined) place.write(to, printed);
    return {
      json: () => ({
        name: program.name,
        passes: applied.map(({ pass, result }) => resultToJson(pass, result)),
        ...(to === undefined ? { printed } : { to }),
      }),
      text: () =>
        `${applied.map(({ pass, result }) => explanation(pass, result)).join("")}${to === undefined ? `\n${printed}` : ""}`,
    };
  }),
});

function stageOf(name: string, program: Program, changed: boolean): PassStage {
  return { name, changed, text: printProgram(program), graph: stepGraphView(program, null) };
}

function parsePass(text: string): ChosenPass {
  const [name = "", list = ""] = text.split(":", 2);
  const settings = list === "" ? [] : list.split(",");
  const entries = settings.map((setting): [string, string | number] => {
    const [, key, value] = /^([a-z]+)=([A-Za-z0-9_.#-]+)$/.exec(setting) ?? [];
    if (key === undefined || value === undefined) {
      throw new MillraceError("argument", `must be NAME or NAME:SETTING=VALUE, not "${text}"`, {
        help: "for example time-multiplex:regions=4",
      });
    }
    return [key, /^\d+$/.test(value) ? Number(value) : value];
  });
  return { name, settings: Object.fromEntries(entries) };
}

function resultToJson(pass: string, { changed, left, sources, tensors }: PassResult): JsonValue {
  return { pass, changed, left, sources, tensors } as unknown as JsonValue;
}

/** What a pass did, as comments of a program. */
function explanation(pass: string, { changed, left, sources, tensors }: PassResult): string {
  const lines = [
    ...changed.map(({ nodes, text }) => `${nodes.join(", ")}: ${text}`),
    ...left.map(({ nodes, text }) => `left ${nodes.join(", ")} alone: ${text}`),
    ...Object.entries(sources).map(([id, stream]) => `new source: --source ${id}=${stream}`),
    ...Object.entries(tensors).map(([name, parts]) => `tensor ${name} holds ${parts.join(", ")} one below the other`),
  ];
  return lines.map((line) => `// ${pass}: ${line}\n`).join("");
}
