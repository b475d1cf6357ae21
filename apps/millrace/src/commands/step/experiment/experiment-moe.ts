/** `millrace step experiment moe`: dynamic against static tiling. */
import { modelNamed, type Tiling } from "@millrace/step-ir";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../../cli/flags.ts";
import { type Invocation, presenting } from "../../../cli/outcome.ts";
import { keepTimeline } from "../../../cli/timeline-flags.ts";
import { describeExperiment } from "../../../step/experiment/describe-experiment.ts";
import { runPoints } from "../../../step/experiment/run-points.ts";
import { machineOf, quirkHelp } from "../machine-flags.ts";
import {
  type ExperimentFlags,
  experimentFlags,
  listOf,
  parseTiling,
  readRouting,
  tilingName,
} from "./experiment-flags.ts";
import { moePoint } from "./moe-points.ts";

type MoeFlags = CommonFlags &
  ExperimentFlags & {
    readonly tiling: readonly Tiling[];
    readonly regions?: number | undefined;
    readonly tileInner?: number | undefined;
  };

/** The `step experiment moe` command. */
export const experimentMoe: Command<Invocation> = buildCommand<MoeFlags, [], Invocation>({
  docs: {
    brief: "A mixture of experts with static or dynamic tiles",
    customUsage: ["--model MODEL --trace FILE [--tiling static:N|dynamic[,...]] [--out DIR]"],
    fullDescription: describe(
      `Runs the experts of a model on a routing trace. Several tilings give a Pareto plot of cycles against on-chip bytes\nwith the improvement distance of dynamic tiles; with --out they go on where an earlier run was stopped.\n${quirkHelp}`,
      [
        "millrace step experiment moe --model mixtral --trace examples/traces/routing-mixtral.json --tiling dynamic --json",
        "millrace step experiment moe --model mixtral --trace examples/traces/routing-mixtral.json --tiling static:16,dynamic --out out/moe",
      ],
    ),
  },
  parameters: {
    flags: {
      ...experimentFlags,
      tiling: {
        kind: "parsed",
        parse: listOf(parseTiling),
        brief: "How rows are packed: static:N or dynamic; several with commas",
        placeholder: "TILING",
        default: "dynamic",
      },
      regions: {
        kind: "parsed",
        parse: integerFrom(1, 65536),
        brief: "Pipelines that neighbouring experts share; one each unless given",
        placeholder: "R",
        optional: true,
      },
      tileInner: {
        kind: "parsed",
        parse: integerFrom(1, 2 ** 20),
        brief: "Columns of a weight tile; 64, or 48 with regions",
        placeholder: "N",
        optional: true,
      },
      ...commonFlags,
    },
  },
  func: presenting<MoeFlags, []>("step-experiment-moe", async (flags, place) => {
    const model = modelNamed(flags.model);
    const routing = await readRouting(flags, place);
    const machine = machineOf(flags, place);
    const setting = { name: "moe", flags, machine, model, routing } as const;
    const points = flags.tiling.map((tiling) => moePoint(setting, tiling, flags.regions, tilingName(tiling)));
    const finished = runPoints(points, place, flags.out);
    keepTimeline(machine.timeline, flags, place);
    const title = `${model.name}, batch ${routing.length}, ${flags.settings} settings`;
    return describeExperiment(finished, { title, out: flags.out }, place);
  }),
});
