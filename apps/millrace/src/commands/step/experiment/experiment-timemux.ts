/** `millrace step experiment timemux`: experts that take turns in shared pipelines. */
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

type TimemuxFlags = CommonFlags &
  ExperimentFlags & {
    readonly tiling: Tiling;
    readonly regions: readonly number[];
    readonly tileInner?: number | undefined;
  };

/** The `step experiment timemux` command. */
export const experimentTimemux: Command<Invocation> = buildCommand<TimemuxFlags, [], Invocation>({
  docs: {
    brief: "Experts that take turns in shared pipelines",
    customUsage: ["--model MODEL --trace FILE [--regions R[,...]] [--tiling static:N|dynamic] [--out DIR]"],
    fullDescription: describe(
      `Runs the experts of a model in fewer pipelines than there are experts (configuration time-multiplexing). Several\nnumbers of regions give a Pareto plot of cycles against on-chip bytes.\n${quirkHelp}`,
      [
        "millrace step experiment timemux --model mixtral --trace examples/traces/routing-mixtral.json --regions 4 --json",
        "millrace step experiment timemux --model mixtral --trace examples/traces/routing-mixtral.json --regions 8,4,2",
      ],
    ),
  },
  parameters: {
    flags: {
      ...experimentFlags,
      regions: {
        kind: "parsed",
        parse: listOf(integerFrom(1, 65536)),
        brief: "Pipelines; must divide the number of experts; several with commas",
        placeholder: "R",
        default: "32",
      },
      tiling: {
        kind: "parsed",
        parse: parseTiling,
        brief: "How rows are packed: static:N or dynamic",
        placeholder: "TILING",
        default: "static:32",
      },
      tileInner: {
        kind: "parsed",
        parse: integerFrom(1, 2 ** 20),
        brief: "Columns of a weight tile; 48, or 64 where that does not divide",
        placeholder: "N",
        optional: true,
      },
      ...commonFlags,
    },
  },
  func: presenting<TimemuxFlags, []>("step-experiment-timemux", async (flags, place) => {
    const model = modelNamed(flags.model);
    const routing = await readRouting(flags, place);
    const machine = machineOf(flags, place);
    const setting = { name: "timemux", flags, machine, model, routing } as const;
    const points = flags.regions.map((regions) => moePoint(setting, flags.tiling, regions, `${regions} regions`));
    const finished = runPoints(points, place, flags.out);
    keepTimeline(machine.timeline, flags, place);
    const title = `${model.name}, batch ${routing.length}, ${tilingName(flags.tiling)} tiles, shared pipelines`;
    return describeExperiment(finished, { title, out: flags.out }, place);
  }),
});
