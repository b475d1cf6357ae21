/** `millrace moe simulate`: a model served under several policies. */
import { buildCommand, type Command } from "@stricli/core";
import { describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { simulationText, simulationToJson } from "../../moe/describe-simulation.ts";
import { keepSimulation } from "../../moe/keep-simulation.ts";
import { chosenHardware, chosenModel } from "../../moe/machine.ts";
import { type SimulationRequest, simulatePolicies } from "../../moe/simulate-policies.ts";
import { stepTimeline } from "../../moe/step-timeline.ts";
import { type MachineFlags, machineFlags } from "./moe-flags.ts";

interface SimulateFlags extends MachineFlags {
  readonly batch?: number | undefined;
  readonly requests?: string | undefined;
  readonly trace?: string | undefined;
  readonly policy: readonly string[];
  readonly prompt: number;
  readonly output: number;
  readonly replicas: number;
  readonly microBatches: number;
  readonly timeline?: string | undefined;
}

const count = (brief: string, least: number, value: number) =>
  ({ kind: "parsed", parse: integerFrom(least, 2 ** 24), brief, placeholder: "N", default: String(value) }) as const;

/** The `moe simulate` command. */
export const moeSimulate: Command<Invocation> = buildCommand<SimulateFlags, [], Invocation>({
  docs: {
    brief: "Serve a batch or a trace of requests under several policies",
    customUsage: ["--model MODEL --gpus N --batch B|--requests FILE --policy P[,P...] [--json]"],
    fullDescription: describe(
      "Simulates serving on one node: throughput in output tokens per second and GPU, interactivity in tokens per second and\nuser, times to the first token and per token in ms, shares of the time that GPUs, PIM and links are busy, joules per\noutput token. The same under the other contentions is shown beside it. With --out, a page with pictures.",
      [
        "millrace moe simulate --model gpt-oss-120b --gpus 8 --batch 64 --policy gpu-only,static-4,sieve",
        "millrace moe simulate --model qwen3-30b-a3b --gpus 2 --requests requests.csv --policy sieve --json",
      ],
    ),
  },
  parameters: {
    flags: {
      ...machineFlags,
      batch: {
        kind: "parsed",
        parse: integerFrom(1, 1e6),
        brief: "Sequences that generate at once, on all GPUs",
        placeholder: "B",
        optional: true,
      },
      requests: {
        kind: "parsed",
        parse: String,
        brief: "CSV: arrival, prompt and output tokens of each request",
        placeholder: "FILE",
        optional: true,
      },
      trace: {
        kind: "parsed",
        parse: String,
        brief: "Replay this routing trace instead of drawing",
        placeholder: "FILE",
        optional: true,
      },
      policy: {
        kind: "parsed",
        parse: String,
        brief: "Policies to compare",
        placeholder: "P[,P...]",
        variadic: ",",
        default: ["gpu-only", "gemv-static", "sieve"],
      },
      prompt: count("Prompt tokens of each sequence of a batch", 1, 1024),
      output: count("Tokens that each sequence of a batch generates", 1, 128),
      replicas: count("Copies of busy experts more on each GPU", 0, 0),
      microBatches: count("Parts of a batch that overlap, in the timeline", 1, 1),
      timeline: {
        kind: "parsed",
        parse: String,
        brief: "Write a timeline of a step's first layers that Perfetto opens",
        placeholder: "FILE",
        optional: true,
      },
    },
  },
  func: presenting<SimulateFlags, []>("moe-simulate", (flags, place) => {
    if ((flags.batch === undefined) === (flags.requests === undefined)) {
      const message = flags.batch === undefined ? "nothing to serve" : "both --batch and --requests are given";
      throw new MillraceError("argument", message, { help: "give --batch B or --requests FILE" });
    }
    const { folder } = place.host;
    const request: SimulationRequest = {
      ...flags,
      policies: flags.policy,
      model: chosenModel(folder, flags.model),
      hardware: chosenHardware(folder, flags),
    };
    const run = simulatePolicies(request, place);
    if (flags.timeline !== undefined) {
      place.write(flags.timeline, stepTimeline(request, run.routing));
      place.note(`timeline  ${flags.timeline}: open it at https://ui.perfetto.dev`);
    }
    if (place.kept !== undefined) keepSimulation(request, run, { place, kept: place.kept });
    return { json: () => simulationToJson(run), text: () => simulationText(request, run) };
  }),
});
