/** `millrace agent run`: learns to solve tasks with a model. */
import { buildCommand, type Command } from "@stricli/core";
import { LearningFolder } from "../../agent/learning-folder.ts";
import { loadTasks, ownTasks, taskText } from "../../agent/load-tasks.ts";
import { openModel } from "../../agent/model-source.ts";
import { learn } from "../../agent/run-agent.ts";
import { describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { type LearningFlags, learningFlags, specOf } from "./learning-flags.ts";

/** The `agent run` command. */
export const agentRun: Command<Invocation> = buildCommand<LearningFlags, [], Invocation>({
  docs: {
    brief: "Sample programs from a model, and show it its own hard-won successes",
    customUsage: [
      "--endpoint URL --model NAME --out DIR [--policy adaptive:3] [--max-dollars USD]",
      "--synth --out DIR",
    ],
    fullDescription: describe(
      "Asks a model for programs, judges them, and shows the shortest right programs of the hardest solved tasks in the next\niteration. Every call and every verdict is kept in DIR as it happens; `agent resume DIR` goes on after any end, `agent\nreplay DIR` repeats it without a model. Plain sampling with as many samples, and the enumerator, which asks no model,\nfollow the learner and stand beside it in the report.",
      [
        "millrace agent run --synth --rollouts 4 --max-iterations 2 --out out/agent",
        "millrace agent run --synth --rollouts 8 --max-iterations 6 --optimize 4 --out out/cheaper",
        "ASPL_API_KEY=... millrace agent run --endpoint https://example.org/v1 --model some-model --max-dollars 5 --out out/agent",
      ],
    ),
  },
  parameters: { flags: learningFlags },
  func: presenting<LearningFlags, []>("report", async (flags, place) => {
    const { host } = place;
    const file = flags.tasks ?? ownTasks;
    const tasks = loadTasks(host.folder, file);
    const folder = flags.out === undefined ? undefined : new LearningFolder(host.folder, flags.out);
    if (folder?.begun) {
      throw new MillraceError("argument", `${flags.out} holds a run already`, {
        help: `go on with it: millrace agent resume ${flags.out}; or choose another folder`,
      });
    }
    const { synth, endpoint, model, jobs } = flags;
    if (synth && flags.guardian === "model") {
      throw new MillraceError("argument", "--guardian model asks a language model, which the synthesiser is not", {
        help: "take --guardian auto or none, or name a model with --endpoint",
      });
    }
    const source = await openModel(flags, host);
    try {
      if (flags.maxDollars !== undefined && source.prices[source.name] === undefined) {
        throw new MillraceError("argument", `--max-dollars cannot be kept: ${source.name} has no price`, {
          help: `set ASPL_PRICES='{"${source.name}": {"input": 0.5, "output": 1.5}}', in US dollars for a million tokens, or use --max-calls`,
        });
      }
      const spec = specOf(flags, tasks, source.name);
      folder?.begin({ choice: { synth, endpoint, model }, jobs, spec }, taskText(host.folder, file));
      const start = host.now();
      const seconds = flags.time;
      const budget = {
        calls: flags.maxCalls,
        dollars: flags.maxDollars,
        expired: seconds === undefined ? undefined : () => host.now() - start > 1000 * seconds,
      };
      return await learn({ spec, tasks, folder, jobs, budget }, source, place);
    } finally {
      source.close();
    }
  }),
});
