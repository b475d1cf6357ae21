/** `millrace step experiment layer`: a whole decoder layer. */
import { layerExperiment, type Model, modelNamed, type Strategy, type Tiling } from "@millrace/step-ir";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../../cli/flags.ts";
import { type Invocation, presenting } from "../../../cli/outcome.ts";
import { keepTimeline } from "../../../cli/timeline-flags.ts";
import { MillraceError } from "../../../errors.ts";
import { describeExperiment } from "../../../step/experiment/describe-experiment.ts";
import type { Point } from "../../../step/experiment/point.ts";
import { runPoints } from "../../../step/experiment/run-points.ts";
import { type ChosenMachine, machineOf } from "../machine-flags.ts";
import {
  type ExperimentFlags,
  experimentFlags,
  listOf,
  machineKey,
  parseStrategy,
  parseTiling,
  readLengths,
  readRouting,
  tilingName,
} from "./experiment-flags.ts";
import { digest } from "./moe-points.ts";

type LayerFlags = CommonFlags &
  ExperimentFlags & {
    readonly lengths: string;
    readonly tiling: readonly Tiling[];
    readonly strategy: Strategy;
    readonly regions?: number | undefined;
  };

/** The `step experiment layer` command. */
export const experimentLayer: Command<Invocation> = buildCommand<LayerFlags, [], Invocation>({
  docs: {
    brief: "A whole decoder layer: projections, attention, experts",
    customUsage: ["--model MODEL --trace ROUTING [--lengths FILE|N] [--tiling ...] [--strategy ...]"],
    fullDescription: describe(
      "Runs one decoder layer end to end, for one new token of each request: normalisation, projection to queries, keys\nand values, attention over the caches of all key heads, projection back, mixture of experts. --trace gives the experts\nof each token, --lengths the keys in each cache.",
      [
        "millrace step experiment layer --model mixtral --trace examples/traces/routing-mixtral.json --lengths 512 --json",
        "millrace step experiment layer --model mixtral --trace examples/traces/routing-mixtral.json --tiling static:16,dynamic",
      ],
    ),
  },
  parameters: {
    flags: {
      ...experimentFlags,
      lengths: {
        kind: "parsed",
        parse: String,
        brief: "Keys of each request: a trace, or one number for all",
        placeholder: "FILE|N",
        default: "1024",
      },
      tiling: {
        kind: "parsed",
        parse: listOf(parseTiling),
        brief: "How rows are packed: static:N or dynamic; several with commas",
        placeholder: "TILING",
        default: "dynamic",
      },
      strategy: {
        kind: "parsed",
        parse: parseStrategy,
        brief: "Of attention: coarse, interleaved or dynamic",
        placeholder: "STRATEGY",
        default: "dynamic",
      },
      regions: {
        kind: "parsed",
        parse: integerFrom(1, 65536),
        brief: "Pipelines that neighbouring experts share; one each unless given",
        placeholder: "R",
        optional: true,
      },
      ...commonFlags,
    },
  },
  func: presenting<LayerFlags, []>("step-experiment-layer", async (flags, place) => {
    const model = modelNamed(flags.model);
    const routing = await readRouting(flags, place);
    const lengths = /^\d+$/.test(flags.lengths)
      ? routing.map(() => Number(flags.lengths))
      : await readLengths(flags.lengths, flags, place);
    if (lengths.length !== routing.length) {
      throw new MillraceError("argument", `there are ${lengths.length} lengths for ${routing.length} tokens`, {
        help: "take the first of both with --batch N",
      });
    }
    const machine = machineOf(flags, place);
    const points = flags.tiling.map((tiling) => layerPoint(tiling, { flags, machine, model, routing, lengths }));
    const finished = runPoints(points, place, flags.out);
    keepTimeline(machine.timeline, flags, place);
    const title = `decoder layer of ${model.name}, batch ${routing.length}, ${flags.strategy} attention`;
    return describeExperiment(finished, { title, out: flags.out }, place);
  }),
});

interface LayerSetting {
  readonly flags: LayerFlags;
  readonly machine: ChosenMachine;
  readonly model: Model;
  readonly routing: readonly (readonly number[])[];
  readonly lengths: readonly number[];
}

function layerPoint(tiling: Tiling, { flags, machine, model, routing, lengths }: LayerSetting): Point {
  const { settings, computeBandwidth, regions, strategy } = flags;
  return {
    label: tilingName(tiling),
    candidate: tiling.kind === "dynamic",
    key: {
      experiment: "layer",
      model: model.name,
      batch: routing.length,
      tiling: tilingName(tiling),
      strategy,
      regions: regions ?? null,
      ...machineKey(flags),
      trace: digest(routing),
      lengths: digest(lengths),
    },
    run: () =>
      layerExperiment({
        model,
        routing,
        lengths,
        tiling,
        strategy,
        settings,
        ...machine,
        ...(regions === undefined ? {} : { regions }),
        ...(computeBandwidth === undefined ? {} : { bandwidth: computeBandwidth }),
      }),
  };
}
