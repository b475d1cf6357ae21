/** `millrace sweep plan`, `shard` and `merge`: a sweep as the array job of a batch system, without a broker. */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { dealJobs, type Job, printJobs, ResultLog, readJobs, slurmScript } from "@millrace/sweep";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, presenting, type Workplace } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { LogFile } from "../../files/log-file.ts";
import { readText } from "../../files/read.ts";
import type { PoolChoice } from "../../sweep/pool-choice.ts";
import { runJobs } from "../../sweep/run-jobs.ts";
import { type PlannedSweep, planSweep } from "../../sweep/sweep-jobs.ts";
import { sweepToJson, sweepToText } from "../../sweep/sweep-result.ts";
import { sweepTrials } from "../../sweep/sweep-trials.ts";
import { keepStudyViews } from "../../tuning/report/study-view.ts";
import { type SpaceFlags, spaceFlags, threadFlags } from "./sweep-flags.ts";

interface PlanFlags extends SpaceFlags {
  readonly shards: number;
}

interface ShardFlags extends CommonFlags, Omit<PoolChoice, "queue"> {}

const folderArgument = { parse: String, brief: "The folder of the plan", placeholder: "DIR" };

/** Deals a sweep out. */
export const sweepPlan: Command<Invocation> = buildCommand<PlanFlags, [string], Invocation>({
  docs: {
    brief: "Deal a sweep out to shards for a batch system",
    customUsage: ["SPACE -i NAME=VALUE... --shards N --out DIR [--sample N]"],
    fullDescription: describe(
      "Writes the jobs of each shard and array.sh, an array job of Slurm that runs millrace sweep shard DIR N for each. Any other\nbatch system can do the same. Then millrace sweep merge DIR puts the results together.",
      ["millrace sweep plan moe:qwen3-30b-a3b -i gpus=2 --sample 40 --shards 4 --out out/plan"],
    ),
  },
  parameters: {
    flags: {
      ...spaceFlags,
      shards: { kind: "parsed", parse: integerFrom(1, 100_000), brief: "How many shards", placeholder: "N" },
    },
    aliases: { i: "input" },
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "A space, such as moe:qwen3-30b-a3b", placeholder: "SPACE" }],
    },
  },
  func: presenting<PlanFlags, [string]>("plan", async (flags, place, name) => {
    const { out, shards } = flags;
    if (out === undefined) throw new MillraceError("argument", "a plan needs a folder", { help: "name it with --out" });
    const { jobs } = await planSweep(name, flags, place);
    for (const [at, shard] of dealJobs(jobs, shards).entries()) place.write(jobsFile(out, at), printJobs(shard));
    const { input = [], sample = null, seed } = flags;
    place.write(`${out}/sweep.json`, `${JSON.stringify({ space: name, input, sample, seed, shards })}\n`);
    place.write(`${out}/array.sh`, slurmScript({ shards, command: `millrace sweep shard ${shellWord(out)}` }));
    const result = { space: name, jobs: jobs.length, shards, script: `${out}/array.sh` };
    return { json: () => result, text: () => `${jobs.length} jobs in ${shards} shards: sbatch ${out}/array.sh\n` };
  }),
});

/** Runs one shard. */
export const sweepShard: Command<Invocation> = buildCommand<ShardFlags, [string, string], Invocation>({
  docs: {
    brief: "Run one shard of a plan",
    fullDescription: describe(
      "Runs the jobs of a shard that have no outcome yet and keeps outcomes beside them: a shard that was ended goes on.",
      ["millrace sweep shard out/plan 0"],
    ),
  },
  parameters: {
    flags: { ...commonFlags, ...threadFlags },
    positional: {
      kind: "tuple",
      parameters: [folderArgument, { parse: String, brief: "Number of the shard", placeholder: "N" }],
    },
  },
  func: presenting<ShardFlags, [string, string]>("shard", async (flags, place, folder, number) => {
    const at = integerFrom(0)(number);
    const jobs = jobsOf(place, folder, at);
    const { known, ran } = await runJobs(jobs, { choice: flags, log: logFile(folder, at) }, place);
    return {
      json: () => ({ shard: at, jobs: jobs.length, known, ran }),
      text: () => `shard ${at}: ${ran} jobs ran, ${known} had an outcome\n`,
    };
  }),
});

/** Puts the results of all shards together. */
export const sweepMerge: Command<Invocation> = buildCommand<CommonFlags, [string], Invocation>({
  docs: {
    brief: "Put the results of all shards together",
    fullDescription: describe(
      "Reads the outcomes of all shards and shows what millrace sweep run would have shown, with status 3 if some are missing.",
      ["millrace sweep merge out/plan --json"],
    ),
  },
  parameters: { flags: commonFlags, positional: { kind: "tuple", parameters: [folderArgument] } },
  func: presenting<CommonFlags, [string]>("sweep", async (_flags, place, folder) => {
    const { space, input, sample, seed } = planOf(place, folder);
    const choice = { input, seed, ...(sample === null ? {} : { sample }) };
    const sweep: PlannedSweep = await planSweep(space, choice, place);
    const logs = logsOf(place, folder);
    const outcomes = sweep.jobs.map(({ id }) => logs.map((log) => log.of(id)).find((found) => found !== undefined));
    const missing = outcomes.filter((outcome) => outcome === undefined).length;
    const result = { sweep, outcomes };
    if (place.kept !== undefined) keepStudyViews(place.kept, sweepTrials(sweep, { outcomes, seed }));
    return {
      status: missing === 0 ? 0 : 3,
      json: () => sweepToJson(result),
      text: () => sweepToText(result, missing === 0 ? "all shards are done" : `${missing} are missing`),
    };
  }),
});

interface Plan extends Pick<SpaceFlags, "input" | "seed"> {
  readonly space: string;
  readonly sample: number | null;
}

function planOf({ host }: Workplace, folder: string): Plan {
  const name = `${folder}/sweep.json`;
  try {
    return JSON.parse(readText(host.folder, name)) as Plan;
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError("file-kind", `${name} is no plan of a sweep`, {
      cause,
      help: "make one: millrace sweep plan",
    });
  }
}

function jobsOf({ host }: Workplace, folder: string, at: number): readonly Job[] {
  const name = jobsFile(folder, at);
  return readJobs(readText(host.folder, name), name);
}

function logsOf({ host }: Workplace, folder: string): readonly ResultLog[] {
  const names = readdirSync(resolve(host.folder, folder)).filter((name) => /^shard-\d+\.log$/.test(name));
  return names.sort().map((name) => {
    const file = new LogFile(host.folder, `${folder}/${name}`, true);
    try {
      return new ResultLog(file, `${folder}/${name}`);
    } finally {
      file.close();
    }
  });
}

function jobsFile(folder: string, at: number): string {
  return `${folder}/shard-${at}.jobs`;
}

function logFile(folder: string, at: number): string {
  return `${folder}/shard-${at}.log`;
}

function shellWord(text: string): string {
  if (/^[\w./-]+$/.test(text)) return text;
  if (text.includes("\n")) throw new MillraceError("argument", "the name of the folder has a line break");
  return `'${text.replaceAll("'", "'\\''")}'`;
}
