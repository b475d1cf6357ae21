/** `millrace moe schedule`: which experts of one layer run on PIM. */
import {
  type ExplainedSchedule,
  explainLayer,
  type MoeModel,
  parseCounts,
  policyNamed,
  readRoutingTrace,
  routingStatistics,
  traceCounts,
} from "@millrace/sieve-pim";
import { buildCommand, type Command } from "@stricli/core";
import { describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { readText } from "../../files/read.ts";
import { scheduleText } from "../../moe/describe-schedule.ts";
import { chosenHardware, chosenModel, fewestGpus, readJsonFile } from "../../moe/machine.ts";
import { placementView, scheduleCounters } from "../../moe/moe-views.ts";
import { type MachineFlags, machineFlags } from "./moe-flags.ts";

interface ScheduleFlags extends MachineFlags {
  readonly counts?: string | undefined;
  readonly trace?: string | undefined;
  readonly policy: string;
}

/** The `moe schedule` command. */
export const moeSchedule: Command<Invocation> = buildCommand<ScheduleFlags, [], Invocation>({
  docs: {
    brief: "Decide which experts of one layer run on PIM",
    customUsage: ["--model MODEL --counts FILE|--trace FILE [--hardware NAME] [--policy sieve] [--json]"],
    fullDescription: describe(
      "Splits the experts of one layer between GPU and PIM for the tokens of one step, and says why. Counts are a list, one\nnumber for each expert; a trace names the experts of each token. Without --gpus, as few GPUs as hold the model.\nPolicies: sieve, sieve-split, oracle, gpu-only, pim-all, gemv-static, static-N, op-b-layer, op-b-split, pimoe-like and ablations.",
      [
        "millrace moe schedule --model qwen3-30b-a3b --counts examples/traces/qwen3-30b-step.json",
        "millrace moe schedule --model qwen3-30b-a3b --counts counts.txt --hardware b200 --policy static-4 --json",
      ],
    ),
  },
  parameters: {
    flags: {
      ...machineFlags,
      counts: {
        kind: "parsed",
        parse: String,
        brief: "Tokens of each expert: JSON, or numbers with commas or blanks",
        placeholder: "FILE",
        optional: true,
      },
      trace: {
        kind: "parsed",
        parse: String,
        brief: "Experts of each token: JSON with numExperts, topK, topkIds",
        placeholder: "FILE",
        optional: true,
      },
      policy: { kind: "parsed", parse: String, brief: "Rule to decide by", placeholder: "NAME", default: "sieve" },
    },
  },
  func: presenting<ScheduleFlags, []>("moe-schedule", (flags, { host, kept }) => {
    const policy = policyNamed(flags.policy);
    const model = chosenModel(host.folder, flags.model);
    const named = chosenHardware(host.folder, flags);
    const hardware = flags.gpus === undefined && !flags.hardware.endsWith(".json") ? fewestGpus(model, named) : named;
    const counts = loadCounts(host.folder, flags, model);
    const schedule = explainLayer({ model, hardware, policy, counts });
    kept?.view("placement", `Experts under ${policy.id}`, placementView(schedule, { model, policy }));
    kept?.view("counters", "Times", scheduleCounters(schedule));
    return {
      json: () => toJson(schedule),
      text: () => scheduleText({ model, hardware, policy, schedule, counts, statistics: routingStatistics(counts) }),
    };
  }),
});

function loadCounts(folder: string, { counts, trace }: ScheduleFlags, model: MoeModel): Uint32Array {
  if ((counts === undefined) === (trace === undefined)) {
    throw new MillraceError(
      "argument",
      counts === undefined ? "no tokens to schedule" : "both --counts and --trace are given",
      {
        help: "give --counts FILE or --trace FILE",
      },
    );
  }
  if (counts !== undefined) return parseCounts(readText(folder, counts), counts);
  const read = readRoutingTrace(readJsonFile(folder, trace!), trace);
  if (read.topK === model.topK) return traceCounts(read);
  throw new MillraceError(
    "argument",
    `${trace} routes to the top ${read.topK} experts, ${model.id} to the top ${model.topK}`,
    {
      help: "choose the model that the trace was recorded on",
    },
  );
}

function toJson({ onPim, splits, gpuNs, pimNs, layerNs, lowerBoundNs, explain }: ExplainedSchedule) {
  const shared = splits.length === 0 ? {} : { splits: splits.map((one) => ({ ...one })) };
  return { onPim, ...shared, gpuNs, pimNs, layerNs, lowerBoundNs, explain };
}
