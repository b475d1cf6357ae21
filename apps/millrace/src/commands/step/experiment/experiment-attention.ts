/** `millrace step experiment attention`: decode attention on caches of any lengths. */
import { attentionExperiment, type Model, modelNamed, type Strategy } from "@millrace/step-ir";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../../cli/flags.ts";
import { type Invocation, presenting } from "../../../cli/outcome.ts";
import { keepTimeline } from "../../../cli/timeline-flags.ts";
import { describeExperiment } from "../../../step/experiment/describe-experiment.ts";
import type { Point } from "../../../step/experiment/point.ts";
import { runPoints } from "../../../step/experiment/run-points.ts";
import { type ChosenMachine, machineOf, quirkHelp } from "../machine-flags.ts";
import {
  type ExperimentFlags,
  experimentFlags,
  listOf,
  machineKey,
  parseStrategy,
  readLengths,
} from "./experiment-flags.ts";
import { digest } from "./moe-points.ts";

type AttentionFlags = CommonFlags &
  ExperimentFlags & {
    readonly strategy: readonly Strategy[];
    readonly regions?: number | undefined;
    readonly tileRows?: number | undefined;
  };

/** The `step experiment attention` command. */
export const experimentAttention: Command<Invocation> = buildCommand<AttentionFlags, [], Invocation>({
  docs: {
    brief: "Decode attention: coarse, interleaved or dynamic parallelization",
    customUsage: ["--model MODEL --trace FILE [--strategy coarse|interleaved|dynamic[,...]] [--regions R]"],
    fullDescription: describe(
      `Runs decode attention for one key head on the lengths of key caches, spread over regions by a strategy. With equal\nsettings coarse blocks use all regions, and requests queue in front of them.\n${quirkHelp}`,
      [
        "millrace step experiment attention --model qwen --trace examples/traces/azure-lengths.json --strategy dynamic --json",
        "millrace step experiment attention --model qwen --trace examples/traces/azure-lengths.json --strategy coarse,dynamic",
      ],
    ),
  },
  parameters: {
    flags: {
      ...experimentFlags,
      strategy: {
        kind: "parsed",
        parse: listOf(parseStrategy),
        brief: "coarse, interleaved or dynamic; several with commas",
        placeholder: "STRATEGY",
        default: "dynamic",
      },
      regions: {
        kind: "parsed",
        parse: integerFrom(1, 4096),
        brief: "Pipelines; 4 unless given",
        placeholder: "R",
        optional: true,
      },
      tileRows: {
        kind: "parsed",
        parse: integerFrom(1, 65536),
        brief: "Keys in a tile; 32 unless given",
        placeholder: "N",
        optional: true,
      },
      ...commonFlags,
    },
  },
  func: presenting<AttentionFlags, []>("step-experiment-attention", async (flags, place) => {
    const model = modelNamed(flags.model);
    const lengths = await readLengths(flags.trace, flags, place);
    const machine = machineOf(flags, place);
    const points = flags.strategy.map((strategy) => attentionPoint(strategy, { flags, machine, model, lengths }));
    const finished = runPoints(points, place, flags.out);
    keepTimeline(machine.timeline, flags, place);
    const title = `attention of ${model.name}, batch ${lengths.length}, ${flags.settings} settings`;
    return describeExperiment(finished, { title, out: flags.out }, place);
  }),
});

interface AttentionSetting {
  readonly flags: AttentionFlags;
  readonly machine: ChosenMachine;
  readonly model: Model;
  readonly lengths: readonly number[];
}

function attentionPoint(strategy: Strategy, { flags, machine, model, lengths }: AttentionSetting): Point {
  const { settings, computeBandwidth, regions, tileRows } = flags;
  return {
    label: strategy,
    candidate: strategy === "dynamic",
    key: {
      experiment: "attention",
      model: model.name,
      batch: lengths.length,
      strategy,
      regions: regions ?? 4,
      tileRows: tileRows ?? 32,
      ...machineKey(flags),
      trace: digest(lengths),
    },
    run: () =>
      attentionExperiment({
        model,
        lengths,
        strategy,
        settings,
        ...machine,
        ...(regions === undefined ? {} : { regions }),
        ...(tileRows === undefined ? {} : { tileRows }),
        ...(computeBandwidth === undefined ? {} : { bandwidth: computeBandwidth }),
      }),
  };
}
