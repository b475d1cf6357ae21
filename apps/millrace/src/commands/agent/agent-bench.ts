/** `millrace agent bench`: how many tasks a model solves, beside the enumerator and plain sampling. */
import { synthesizerName } from "@millrace/aspl-agent";
import { buildCommand, type Command } from "@stricli/core";
import {
  comparePolicies,
  type EnumeratedTask,
  enumerateAll,
  meanPass,
  type PolicyRow,
} from "../../agent/compare-policies.ts";
import { loadTasks, ownTasks } from "../../agent/load-tasks.ts";
import { openModel } from "../../agent/model-source.ts";
import { describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting } from "../../cli/outcome.ts";
import { renderTable } from "../../terminal/table.ts";
import { type LearningFlags, learningFlags, specOf } from "./learning-flags.ts";

interface BenchFlags
  extends Omit<LearningFlags, "maxSamples" | "maxCalls" | "maxDollars" | "time" | "jobs" | "enumerator" | "optimize"> {
  readonly enumerate?: boolean | undefined;
  readonly seconds: number;
  readonly seeds: number;
}

const { maxSamples, maxCalls, maxDollars, time, jobs, enumerator, optimize, ...shared } = learningFlags;

/** The `agent bench` command. */
export const agentBench: Command<Invocation> = buildCommand<BenchFlags, [], Invocation>({
  docs: {
    brief: "Count the tasks that a model solves, beside the enumerator and plain sampling",
    customUsage: ["--enumerate [--seconds N]", "--synth | --endpoint URL --model NAME [--seeds N]"],
    fullDescription: describe(
      "With a model: the learner under several seeds, then plain sampling with exactly as many samples, then the enumerator,\nwhich needs no model at all. With --enumerate the enumerator alone.",
      [
        "millrace agent bench --enumerate --seconds 2 --json",
        "millrace agent bench --synth --seeds 3 --rollouts 4 --seconds 2",
      ],
    ),
  },
  parameters: {
    flags: {
      enumerate: { kind: "boolean", brief: "The enumerator alone", optional: true, withNegated: false },
      seconds: {
        kind: "parsed",
        parse: integerFrom(1),
        brief: "Seconds for the enumerator on each task",
        placeholder: "N",
        default: "60",
      },
      seeds: {
        kind: "parsed",
        parse: integerFrom(1),
        brief: "Runs with different seeds",
        placeholder: "N",
        default: "3",
      },
      ...shared,
    },
  },
  func: presenting<BenchFlags, []>("agent-bench", async (flags, place) => {
    const tasks = loadTasks(place.host.folder, flags.tasks ?? ownTasks);
    if (flags.enumerate)
      return benchOutcome({ enumerated: enumerateAll(tasks, flags.seconds, place), policies: [], model: null });
    const source = await openModel(flags, place.host);
    try {
      // It has controls of its own, under as many seeds.
      const { controls, ...spec } = specOf({ ...flags, jobs: 4, enumerator: 1, optimize: 0 }, tasks, source.name);
      const policies = await comparePolicies(spec, tasks, { source, seeds: flags.seeds, place });
      return benchOutcome({ enumerated: enumerateAll(tasks, flags.seconds, place), policies, model: source.name });
    } finally {
      source.close();
    }
  }),
});

interface Bench {
  readonly enumerated: readonly EnumeratedTask[];
  readonly policies: readonly PolicyRow[];
  /** `null` if no model was asked. */
  readonly model: string | null;
}

function benchOutcome({ enumerated, policies, model }: Bench): Outcome {
  const solved = enumerated.filter(({ stop }) => stop === "solved").length;
  return {
    json: () => ({
      model,
      languageModel: model !== null && model !== synthesizerName,
      policies: policies.map((row) => ({
        ...row,
        tasks: row.tasks.map((task) => ({ ...task })),
        spending: { ...row.spending },
        passAtK: { "1": meanPass(row.tasks, 1), "8": meanPass(row.tasks, 8), "64": meanPass(row.tasks, 64) },
      })),
      enumerator: { solved, tasks: enumerated.map((task) => ({ ...task })) },
    }),
    text: () =>
      `${policyTable(policies)}${enumeratorTable(enumerated)}\n${solved} of ${enumerated.length} tasks enumerated\n${honesty(model)}`,
  };
}

function honesty(model: string | null): string {
  return model === synthesizerName ? "No language model was involved: the programs are an n-gram synthesiser's.\n" : "";
}

function policyTable(policies: readonly PolicyRow[]): string {
  if (policies.length === 0) return "";
  const rows = policies.map((row) => [
    row.policy,
    row.solved.join(" "),
    Number.isFinite(row.halfWidth) ? `${row.mean.toFixed(1)} ± ${row.halfWidth.toFixed(1)}` : row.mean.toFixed(1),
    String(row.samples.reduce((sum, samples) => sum + samples, 0)),
    meanPass(row.tasks, 1).toFixed(4),
  ]);
  const table = renderTable(
    [
      { heading: "policy", align: "left" },
      { heading: "solved, by seed", align: "left" },
      { heading: "mean, 95 %", align: "right" },
      { heading: "samples", align: "right" },
      { heading: "pass@1", align: "right" },
    ],
    rows,
  );
  return `${table}\n`;
}

function enumeratorTable(enumerated: readonly EnumeratedTask[]): string {
  return renderTable(
    [
      { heading: "task", align: "left" },
      { heading: "enumerator", align: "left" },
      { heading: "operators", align: "right" },
      { heading: "applied", align: "right" },
    ],
    enumerated.map(({ task, stop, operators, applications }) => [
      task,
      stop,
      operators === null ? "-" : String(operators),
      String(applications),
    ]),
  );
}
