/** `millrace sweep run`: every configuration of a space, here or on many machines. */
import { buildCommand, type Command } from "@stricli/core";
import { describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import type { PoolChoice } from "../../sweep/pool-choice.ts";
import { runJobs } from "../../sweep/run-jobs.ts";
import { planSweep } from "../../sweep/sweep-jobs.ts";
import { sweepToJson, sweepToText } from "../../sweep/sweep-result.ts";
import { sweepTrials } from "../../sweep/sweep-trials.ts";
import { keepStudyViews } from "../../tuning/report/study-view.ts";
import { queueFlag, type SpaceFlags, spaceFlags, threadFlags } from "./sweep-flags.ts";

interface RunFlags extends SpaceFlags, PoolChoice {}

/** The command. */
export const sweepRun: Command<Invocation> = buildCommand<RunFlags, [string], Invocation>({
  docs: {
    brief: "Evaluate every configuration of a space, or a sample of them",
    customUsage: ["SPACE -i NAME=VALUE... [--sample N] [--queue redis://HOST:PORT] [--out DIR] [--json]"],
    fullDescription: describe(
      "Evaluates the configurations of a space of the workbench, those that millrace tune searches, and shows which no other\nbeats. With --out, each outcome is kept in DIR/outcomes.log as it comes: the same command goes on after any end, and a\nconfiguration whose outcome is known does not run again. With --queue, workers run them (millrace sweep worker).",
      [
        "millrace sweep run moe:qwen3-30b-a3b -i batch=16 -i gpus=2 --sample 40 --out out/placements",
        "millrace sweep run step-moe:mixtral -i trace=examples/traces/routing-mixtral.json --sample 20 --queue redis://127.0.0.1:6379",
      ],
    ),
  },
  parameters: {
    flags: { ...spaceFlags, ...threadFlags, queue: { ...queueFlag, optional: true } },
    aliases: { i: "input" },
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "A space, such as moe:qwen3-30b-a3b", placeholder: "SPACE" }],
    },
  },
  func: presenting<RunFlags, [string]>("sweep", async (flags, place, name) => {
    const sweep = await planSweep(name, flags, place);
    const log = flags.out === undefined ? undefined : `${flags.out}/outcomes.log`;
    const { outcomes, known, ran } = await runJobs(sweep.jobs, { choice: flags, log }, place);
    const result = { sweep, outcomes };
    if (place.kept !== undefined) keepStudyViews(place.kept, sweepTrials(sweep, { outcomes, seed: flags.seed }));
    return {
      json: () => sweepToJson(result),
      text: () => sweepToText(result, known === 0 ? `${ran} ran now` : `${ran} ran now, ${known} before`),
    };
  }),
});
