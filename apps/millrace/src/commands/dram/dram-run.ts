/** `millrace dram CONFIG --trace FILE`: runs a trace of requests on command-level DRAM. */
import type { BankTimeline } from "@millrace/sim-core";
import { buildCommand, type Command } from "@stricli/core";
import { describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting, type Workplace } from "../../cli/outcome.ts";
import { keepTimeline } from "../../cli/timeline-flags.ts";
import type { BankCounts } from "../../dram/bank-activity.ts";
import { commandLogNames } from "../../dram/command-files.ts";
import { dramToJson, dramToText } from "../../dram/describe-dram.ts";
import { dramReport } from "../../dram/dram-report.ts";
import { resultOf } from "../../dram/dram-result.ts";
import { loadSetup } from "../../dram/load-setup.ts";
import { runPartitioned } from "../../dram/partitioned/run-partitioned.ts";
import { type DramRun, type RunWatch, runTrace } from "../../dram/run-trace.ts";
import { RunWatchers } from "../../dram/run-watchers.ts";
import { changedSetup, type DramSetup } from "../../dram/setup.ts";
import { MillraceError } from "../../errors.ts";
import { readInput } from "../../files/read-input.ts";
import { type DramFlags, dramFlags } from "./dram-flags.ts";

/** The `dram run` command. */
export const dramRun: Command<Invocation> = buildCommand<DramFlags, [string], Invocation>({
  docs: {
    brief: "Run a trace on command-level DRAM",
    customUsage: ["CONFIG.yaml|SPEC.json|PRESET --trace FILE [--profile r20|r21] [--commands FILE]"],
    fullDescription: describe(
      "Runs requests on a DRAM at the level of its commands, cycle for cycle as Ramulator 2.0 (profile r20) or 2.1 (r21).\nA memory is a preset, a configuration in Ramulator's YAML, or a resolved spec. Lines of a trace: `LD 0x40`\n(loadstore), `12 R 0x40` (timed), `R 0,0,1,0,12,3` (vector, r21), `0x40 READ 12` (dramsim3).",
      [
        "millrace dram hbm3-6400 --trace examples/traces/gather.trace",
        "millrace dram examples/memories/ddr4-2400.yaml --trace examples/traces/gather.trace --commands ddr4.log --json",
      ],
    ),
  },
  parameters: {
    flags: dramFlags,
    positional: {
      kind: "tuple",
      parameters: [{ brief: "A .yaml, a .json or the name of a preset", placeholder: "CONFIG", parse: String }],
    },
  },
  func: presenting<DramFlags, [string]>("dram-run", async (flags, place, target) => {
    const setup = changedSetup(loadSetup(place.host.folder, target, flags.profile), flags);
    for (const remark of setup.remarks) place.note(`note: ${remark}`);
    const surroundings = { setup, flags, place, commands: flags.commands ?? setup.commands };
    return finished(await (flags.partitioned ? runParts(surroundings) : runOn(surroundings)), surroundings);
  }),
});

interface Surroundings {
  readonly setup: DramSetup;
  readonly flags: DramFlags;
  readonly place: Workplace;
  /** Name of the command log, if it is to be written. */
  readonly commands: string | undefined;
}

/** A run, and what was kept of it. */
interface WatchedRun {
  readonly run: DramRun;
  readonly banks: BankCounts | undefined;
  readonly timeline?: BankTimeline | undefined;
}

function traceName(setup: DramSetup, flags: DramFlags): string {
  const name = flags.trace ?? setup.trace;
  if (name !== undefined) return name;
  throw new MillraceError("argument", "no trace to run", {
    help: "name one with --trace FILE, or - for standard input",
  });
}

function interruptedAfter(requests: number): MillraceError {
  return new MillraceError("interrupted", `interrupted after ${requests} requests`);
}

/** Channel by channel, each with its own trace. */
function runParts({ setup, flags, place, commands }: Surroundings): Promise<WatchedRun> {
  const { host, progress } = place;
  if (flags.timeline !== undefined) {
    throw new MillraceError("argument", "--timeline needs one trace for all channels: leave out --partitioned");
  }
  const name = traceName(setup, flags);
  if (name === "-") throw new MillraceError("argument", "--partitioned needs files: standard input is one trace");
  progress.begin(`running ${name}.ch0 to ${name}.ch${setup.configuration.channels - 1}`);
  const pause = (requests: number): void => {
    if (host.stopRequested()) throw interruptedAfter(requests);
    progress.report(requests, undefined, "requests");
  };
  const form = flags.frontend ?? setup.form;
  const trace = { folder: host.folder, name, form, commands, banks: flags.out !== undefined };
  return runPartitioned(setup, trace, { jobs: flags.jobs ?? 1, pause });
}

async function runOn({ setup, flags, place, commands }: Surroundings): Promise<WatchedRun> {
  const { host, progress } = place;
  if (flags.jobs !== undefined) {
    throw new MillraceError("argument", "channels with one trace share its frontend, so --jobs needs --partitioned");
  }
  const name = traceName(setup, flags);
  progress.begin(`running ${name}`);
  let share: { readonly done: number; readonly total: number } | undefined;
  const chunks = readInput(host.folder, name, (done, total) => {
    share = { done, total };
  });
  const watchers = new RunWatchers(host.folder, {
    commands,
    timeline: flags.timeline === undefined ? undefined : (flags.window ?? {}),
    banks: flags.out !== undefined,
  });
  const watch: RunWatch = {
    commands: (system, form) => watchers.observe(system, form),
    pause(requests) {
      if (host.stopRequested()) throw interruptedAfter(requests);
      const total = share === undefined || share.done === 0 ? undefined : requests * (share.total / share.done);
      progress.report(requests, total, "requests");
    },
  };
  try {
    const run = await runTrace(setup, { name, chunks, form: flags.frontend ?? setup.form }, watch);
    watchers.finish();
    return { run, banks: watchers.banks, timeline: watchers.timeline };
  } catch (error) {
    watchers.discard();
    throw error;
  }
}

function finished({ run, banks, timeline }: WatchedRun, { setup, flags, place, commands }: Surroundings): Outcome {
  const result = resultOf(run);
  keepTimeline(timeline, flags, place);
  if (flags.out !== undefined) place.write(`${flags.out}/report.html`, dramReport({ run, result, banks }));
  const logs = commands === undefined ? undefined : commandLogNames(commands, setup.configuration.channels);
  return {
    json: () => dramToJson(run, result, { commandLogs: logs }),
    text: () => dramToText(run, result),
  };
}
