/** `millrace moe compare`: the scheduler against other policies for the models of the paper. */
import { modelNamed } from "@millrace/sieve-pim";
import { buildCommand, type Command } from "@stricli/core";
import { describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { claimed, compareModels } from "../../moe/compare-models.ts";
import { comparisonPage, comparisonText, comparisonToJson } from "../../moe/describe-comparison.ts";
import { chosenHardware, chosenModel } from "../../moe/machine.ts";
import { frontierView } from "../../moe/moe-views.ts";
import { type MachineFlags, machineFlags } from "./moe-flags.ts";

interface CompareFlags extends Omit<MachineFlags, "model" | "contention"> {
  readonly model?: readonly string[] | undefined;
  readonly prompt: number;
  readonly output: number;
}

const { model: _model, contention: _contention, ...machine } = machineFlags;

/** The `moe compare` command. */
export const moeCompare: Command<Invocation> = buildCommand<CompareFlags, [], Invocation>({
  docs: {
    brief: "Compare with what the paper claims, at equal interactivity and at equal throughput",
    customUsage: ["[--model M[,M...]] [--hardware NAME] [--gpus N] [--out DIR] [--json]"],
    fullDescription: describe(
      "Runs the scheduler and every baseline over batches of 1 to 1024 sequences for the three models of the paper, with PIM\nin stacks of its own and sharing the GPU's, and compares the frontiers. Then moves each assumption to either side.\nWith --out, a page with the frontiers and with tornado pictures. Every assumption is listed.",
      [
        "millrace moe compare --hardware b200 --out out/moe",
        "millrace moe compare --model gpt-oss-120b --gpus 4 --json",
      ],
    ),
  },
  parameters: {
    flags: {
      ...machine,
      hardware: { ...machine.hardware, default: "b200" },
      model: {
        kind: "parsed",
        parse: String,
        brief: "Models; those of the paper unless given",
        placeholder: "M[,M...]",
        variadic: ",",
        optional: true,
      },
      prompt: {
        kind: "parsed",
        parse: integerFrom(1, 2 ** 24),
        brief: "Prompt tokens of each sequence",
        placeholder: "N",
        default: "1024",
      },
      output: {
        kind: "parsed",
        parse: integerFrom(1, 2 ** 24),
        brief: "Tokens that each sequence generates",
        placeholder: "N",
        default: "128",
      },
    },
  },
  func: presenting<CompareFlags, []>("moe-compare", (flags, place) => {
    const { folder } = place.host;
    const models = flags.model?.map((name) => chosenModel(folder, name)) ?? Object.keys(claimed).map(modelNamed);
    const hardware = chosenHardware(folder, { ...flags, model: "" });
    const { prompt, output, seed } = flags;
    const comparison = compareModels({ models, hardware, prompt, output, seed, place });
    for (const { model, contention, frontiers } of comparison.models)
      place.kept?.view("points", `${model}, ${contention}`, frontierView(frontiers), { id: `${model}/${contention}` });
    if (flags.out !== undefined) place.write(`${flags.out}/report.html`, comparisonPage(comparison));
    return { json: () => comparisonToJson(comparison), text: () => comparisonText(comparison) };
  }),
});
