/** `millrace tune SCENARIO`: tunes a program, a function or a recorded space. */
import { LoggedStudy, writeCsv, writeOptunaJournal } from "@millrace/baco-tuner";
import { buildCommand, type Command } from "@stricli/core";
import { bindingTable, describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting, type Workplace } from "../../cli/outcome.ts";
import { packageVersion } from "../../cli/version.ts";
import { MillraceError } from "../../errors.ts";
import { LogFile, MemoryLog } from "../../files/log-file.ts";
import { earlierStudy } from "../../tuning/earlier-study.ts";
import { loadProblem, measurementLayout, type Problem } from "../../tuning/problem.ts";
import { keepStudyViews } from "../../tuning/report/study-view.ts";
import { tuneReport } from "../../tuning/report/tune-report.ts";
import { runStudy, type StudyLimits, type StudyRun } from "../../tuning/run-study.ts";
import { serveHttp } from "../../tuning/serve-http.ts";
import { serveStdio } from "../../tuning/serve-stdio.ts";
import { historyOf, shownNumber, type TuneResult, tuneToJson, tuneToText } from "../../tuning/tune-result.ts";
import { type TuneFlags, tuneFlags } from "./tune-flags.ts";

/** The `tune` command. */
export const tune: Command<Invocation> = buildCommand<TuneFlags, [string?], Invocation>({
  docs: {
    brief: "Tune parameters by Bayesian optimisation (BaCO)",
    customUsage: [
      'SCENARIO.json --command "PROGRAM {parameter}..." | --module FILE.mjs | --serve stdio|http [--log FILE [--resume]]',
      "[SCENARIO.json] --table SPACE.json.gz",
      "kernel:EXPRESSION|fuse:MODEL|step-moe:MODEL|step-attention:MODEL|moe:MODEL|embed:OP|agent:TASK.json -i NAME=VALUE...",
    ],
    fullDescription: describe(
      "Finds good values of parameters in few evaluations. A scenario is a file of BaCO or HyperMapper. The program gets a configuration as\n{name}, as variables TUNE_name and as JSON on standard input, and prints numbers or a JSON object with the objectives (and `feasible`); a\nmodule's default export takes it. Spaces of the workbench: kernel: formats, loop order, units and target of an expression; fuse:MODEL\ngranularity, orders and lanes; step-moe:MODEL and step-attention:MODEL (-i trace=FILE) tilings, regions and queues; moe:MODEL (batch=N,\nhardware=NAME, gpus=N) placement; embed:OP (trace=FILE, dims=DIMS), agent:TASK.json (program=FILE) machines. --resume goes on after any end.",
      [
        "millrace tune --table examples/spaces/coulomb3d.json.gz --budget 40 --json",
        'millrace tune scenario.json --command "./measure --tile {tile}" --timeout 60 --log tile.log --out out/tile',
        'millrace tune "kernel:C(i,k)=A(i,j)*B(j,k)" -i A=examples/data/karate.mtx -i B=random:34x16 --budget 30',
      ],
    ),
  },
  parameters: {
    flags: tuneFlags,
    aliases: { i: "input" },
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "Scenario file, or a space of the workbench", placeholder: "SCENARIO", parse: String, optional: true },
      ],
    },
  },
  func: presenting<TuneFlags, [string?]>("tune", async (flags, place, name) => {
    const problem = await loadProblem(name, flags, { place, recorded: bindingTable("--record", flags.record ?? []) });
    const file = flags.log ?? (flags.out === undefined ? undefined : `${flags.out}/study.log`);
    if (flags.serve?.kind === "stdio" && flags.json) {
      throw new MillraceError("argument", "--serve stdio leaves no room for --json on standard output", {
        help: "keep the result with --out DIR",
      });
    }
    if (flags.resume && file === undefined) {
      throw new MillraceError("argument", "--resume needs the log to go on with", { help: "name it with --log FILE" });
    }
    const store = file === undefined ? new MemoryLog() : new LogFile(place.host.folder, file, flags.resume === true);
    try {
      return await tuned(problem, openStudy(problem, store, { flags, place, file }), { flags, place, file });
    } finally {
      store.close();
    }
  }),
});

interface Surroundings {
  readonly flags: TuneFlags;
  readonly place: Workplace;
  readonly file: string | undefined;
}

function openStudy(
  { scenario, objective }: Problem,
  store: LogFile | MemoryLog,
  { flags, place, file }: Surroundings,
): LoggedStudy {
  const after = flags.after === undefined ? undefined : earlierStudy(flags.after, scenario, place);
  const recorded = Object.fromEntries(bindingTable("--record", flags.record ?? []));
  const logged = new LoggedStudy(scenario.space, store, {
    ...scenario.settings,
    ...(flags.method && { method: flags.method }),
    seed: flags.seed,
    ...(after && { earlier: after.trials }),
    environment: {
      ...objective.environment,
      ...recorded,
      ...(after && { after: after.digest }),
      millrace: packageVersion,
    },
    anyEnvironment: flags.force === true,
  });
  if (logged.damage !== undefined) {
    place.note(`note: ${file}:${logged.damage.line}: ${logged.damage.message}; the log is cut there`);
  }
  const known = logged.study.trials.length;
  if (known > 0) place.note(`going on after ${known} suggestions`);
  return logged;
}

async function tuned(problem: Problem, logged: LoggedStudy, { flags, place, file }: Surroundings): Promise<Outcome> {
  const { scenario, optimum } = problem;
  const limits = limitsOf(problem, flags);
  place.progress.begin(`tuning ${scenario.settings.applicationName}`);
  const run = await runOn(problem, logged, { limits, flags, place });
  const { study, earlier } = logged;
  const result: TuneResult = { study, objectives: scenario.objectives, run, optimum, earlier };
  if (flags.out !== undefined) keep(problem, result, { flags, place, file });
  if (run.end === "interrupted") throw interruption(result, file);
  if (run.end === "exhausted") place.note("note: every valid configuration was evaluated");
  if (flags.serve?.kind !== "stdio") return { json: () => tuneToJson(result), text: () => tuneToText(result) };
  // The client reads standard output.
  place.note(tuneToText(result).trimEnd());
  return { json: () => tuneToJson(result), text: () => "" };
}

interface RunOptions {
  readonly limits: StudyLimits;
  readonly flags: TuneFlags;
  readonly place: Workplace;
}

function runOn(
  { scenario, objective }: Problem,
  logged: LoggedStudy,
  { limits, flags, place }: RunOptions,
): Promise<StudyRun> {
  const { host } = place;
  const note = (line: string) => place.note(line);
  if ("evaluate" in objective) {
    const watch = (told: number) => place.progress.report(told, limits.budget, "evaluations");
    return runStudy(logged, objective, { limits, host, watch });
  }
  place.progress.clear();
  const port = flags.serve?.kind === "http" ? flags.serve.port : undefined;
  if (port === undefined) return serveStdio(logged, { layout: scenario, limits, host, note });
  return serveHttp(logged, { layout: measurementLayout(scenario, flags), limits, host, note, port });
}

function limitsOf({ scenario: { settings } }: Problem, flags: TuneFlags): StudyLimits {
  const seconds = flags.time ?? (settings.timeBudget >= 0 ? 60 * settings.timeBudget : undefined);
  return {
    budget: flags.budget ?? Math.max(1, settings.designSamples + settings.iterations),
    time: seconds === undefined ? undefined : 1000 * seconds,
    target: flags.target ?? settings.target ?? undefined,
    jobs: flags.jobs,
    timeout: flags.timeout === undefined ? undefined : 1000 * flags.timeout,
    retries: flags.retries,
    ...(flags.repeat ?? { repeat: settings.repetitions, reduce: "mean" }),
    race: flags.race === true,
  };
}

function keep({ scenario, optimum }: Problem, result: TuneResult, { flags, place }: Surroundings): void {
  const { space, settings } = scenario;
  const { study, objectives } = result;
  const { trials, seed } = study;
  keepStudyViews(place.kept!, { name: settings.applicationName, space, settings, seed, trials, objectives, optimum });
  const layout = { space, objective: objectives[0]!, others: objectives.slice(1), settings };
  place.write(`${flags.out}/samples.csv`, writeCsv(study.trials, layout));
  if (objectives.length > 1) place.write(`${flags.out}/pareto.csv`, writeCsv(study.pareto, layout));
  place.write(
    `${flags.out}/optuna.log`,
    writeOptunaJournal(study.trials, space, { name: settings.applicationName, times: [] }),
  );
  place.write(`${flags.out}/report.html`, tuneReport(settings.applicationName, result));
}

function interruption(result: TuneResult, file: string | undefined): MillraceError {
  const history = historyOf(result);
  const best = history.at(-1)?.best ?? null;
  const entry = history.find(({ value }) => value !== null && value === best);
  const found = entry === undefined ? "none worked" : `best ${shownNumber(best!)} with ${JSON.stringify(entry.config)}`;
  return new MillraceError("interrupted", `interrupted after ${history.length} evaluations: ${found}`, {
    ...(file !== undefined && { help: "go on with --resume" }),
  });
}
