/** `millrace run PIPELINE.yaml`: stages in a row, each a function of a package. */
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting, type Workplace } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { RunFolder } from "../../files/run-folder.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { loadPipeline } from "../../pipeline/read/load-pipeline.ts";
import { keepViews } from "../../pipeline/report/keep-views.ts";
import { failed, pipelineToJson, pipelineToText } from "../../pipeline/report/pipeline-document.ts";
import { pipelinePage } from "../../pipeline/report/pipeline-page.ts";
import { cachedText, planToJson, planToText } from "../../pipeline/report/plan-text.ts";
import { type PlanPlace, planPipeline, readLast } from "../../pipeline/run/plan-pipeline.ts";
import { runPipeline } from "../../pipeline/run/run-pipeline.ts";
import { StageCache } from "../../pipeline/run/stage-cache.ts";
import { renderPairs } from "../../terminal/table.ts";

interface RunFlags extends CommonFlags {
  readonly set?: readonly string[] | undefined;
  readonly jobs: number;
  readonly cache?: string | undefined;
  readonly fresh?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly explain?: boolean | undefined;
}

/** The `run` command. */
export const run: Command<Invocation> = buildCommand<RunFlags, [string], Invocation>({
  docs: {
    brief: "Run a pipeline: stages in a row, cached by what they depend on",
    customUsage: ["PIPELINE.yaml [--set STAGE.OPTION=VALUE]... [--dry-run] [--jobs N] [--out DIR] [--json]"],
    fullDescription: describe(
      "Runs the stages of a pipeline, each a function of one package, and checks every one against something independent. The file\nis checked as a whole first: kinds, options, references. A result is kept under a digest of all that it depends on, so that\na stage runs again only if something of that changed, and the same command goes on after any end. Ends with a table and a\nreport page in the run folder, out/NAME unless --out says otherwise. `millrace stages` lists the kinds of stages.",
      [
        "millrace run examples/pipelines/sparse-model.yaml",
        "millrace run examples/pipelines/moe-layer.yaml --set tune.budget=40 --explain",
        "millrace run examples/pipelines/sparse-kernel.yaml --dry-run --json",
      ],
    ),
  },
  parameters: {
    flags: {
      set: {
        kind: "parsed",
        parse: String,
        brief: "An option of a stage, in place of what the pipeline says",
        placeholder: "STAGE.OPTION=VALUE",
        variadic: true,
        optional: true,
      },
      jobs: {
        kind: "parsed",
        parse: integerFrom(1, 1024),
        brief: "Stages at the same time, where none waits for another",
        placeholder: "N",
        default: "1",
      },
      cache: {
        kind: "parsed",
        parse: String,
        brief: "Keep results of stages here, for several runs; OUT/cache unless given",
        placeholder: "DIR",
        optional: true,
      },
      fresh: { kind: "boolean", brief: "Use no earlier result", optional: true, withNegated: false },
      dryRun: {
        kind: "boolean",
        brief: "Print what would run, and why, and run nothing",
        optional: true,
        withNegated: false,
      },
      explain: {
        kind: "boolean",
        brief: "Print the same before running, on stderr",
        optional: true,
        withNegated: false,
      },
      ...commonFlags,
      out: {
        kind: "parsed",
        parse: String,
        brief: "Run folder; out/NAME unless given",
        placeholder: "DIR",
        optional: true,
      },
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Pipeline file", placeholder: "PIPELINE.yaml", parse: String }],
    },
  },
  func: presenting<RunFlags, [string]>("pipeline", async (flags, place, file) => {
    const { folder } = place.host;
    const pipeline = loadPipeline(folder, file, { set: flags.set ?? [], seed: flags.seed });
    const out = flags.out ?? `out/${pipeline.name}`;
    const cache = new StageCache(folder, flags.cache ?? `${out}/cache`);
    const planning: PlanPlace = { cache, last: readLast(folder, out), fresh: flags.fresh === true };
    if (flags.dryRun) {
      if (flags.explain) throw new MillraceError("argument", "--dry-run explains by itself; leave out --explain");
      const plans = planPipeline(pipeline, planning);
      return { recorded: true, json: () => planToJson(pipeline.name, plans), text: () => planToText(plans) };
    }
    if (flags.explain) place.note(planToText(planPipeline(pipeline, planning)).trimEnd());
    return ran(pipeline, { flags: { ...flags, file }, place, planning, out });
  }),
});

async function ran(
  pipeline: Pipeline,
  {
    flags,
    place,
    planning,
    out,
  }: {
    readonly flags: RunFlags & { readonly file: string };
    readonly place: Workplace;
    readonly planning: PlanPlace;
    readonly out: string;
  },
): Promise<Outcome> {
  const finished = await runPipeline(pipeline, { place: planning, out, jobs: flags.jobs }, place);
  const report = place.write(`${out}/report.html`, pipelinePage(pipeline, finished));
  const cached = finished.filter((each) => each.cached).length;
  const document = pipelineToJson(pipeline, finished);
  const command = ["millrace", "run", flags.file, ...(flags.set ?? []).flatMap((setting) => ["--set", setting])];
  keepViews(pipeline, finished, new RunFolder(place.host.folder, out, command));
  place.write(`${out}/pipeline.json`, `${JSON.stringify(document)}\n`);
  return {
    recorded: true,
    status: finished.some(({ result }) => failed(result)) ? 3 : 0,
    json: () => ({ ...document, cached, report: "report.html" }),
    text: () =>
      `${pipeline.title}\n\n${pipelineToText(finished)}\n${renderPairs([
        ["stages", cachedText(cached, finished.length)],
        ["report", report],
      ])}`,
  };
}
