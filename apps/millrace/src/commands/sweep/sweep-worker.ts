/** `millrace sweep worker`: takes jobs of sweeps from a queue, on any machine. */
import { setTimeout as pause } from "node:timers/promises";
import { startWorker } from "@millrace/sweep";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { evaluationThreads, type PoolChoice } from "../../sweep/pool-choice.ts";
import { queueFlag, threadFlags } from "./sweep-flags.ts";

interface WorkerFlags extends CommonFlags, PoolChoice {
  readonly queue: string;
}

/** How often a worker asks whether it should end, in ms. */
const LOOK_MS = 100;

/** The command. */
export const sweepWorker: Command<Invocation> = buildCommand<WorkerFlags, [], Invocation>({
  docs: {
    brief: "Run jobs of sweeps for whoever asks through a queue, until ^C",
    customUsage: ["--queue redis://HOST:PORT [--jobs N] [--timeout SECONDS]"],
    fullDescription: describe(
      "Takes jobs from a queue and evaluates them in threads. Files that a sweep names must be here too, under the same names\nfrom this folder and with the same bytes. A job whose worker is silent for 30 seconds goes to another; after ^C the jobs\nunder way are left to others. Redis is trusted: whoever can write to it says which spaces are evaluated, and no more.",
      ["millrace sweep worker --queue redis://127.0.0.1:6379 --jobs 8"],
    ),
  },
  parameters: { flags: { ...commonFlags, ...threadFlags, queue: queueFlag } },
  func: presenting<WorkerFlags, []>("worker", async (flags, { host, note }) => {
    const counts = { finished: 0, failed: 0 };
    const worker = await startWorker({
      ...evaluationThreads(flags, host.folder),
      address: flags.queue,
      progress: ({ ok }) => {
        if (ok) counts.finished += 1;
        else counts.failed += 1;
      },
    });
    note(`waiting for jobs from ${flags.queue}; ^C ends`);
    while (!host.stopRequested()) await pause(LOOK_MS);
    await worker.close();
    return {
      status: 130,
      json: () => counts,
      text: () => `${counts.finished} jobs ended well, ${counts.failed} failed\n`,
    };
  }),
});
