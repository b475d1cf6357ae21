/** Runs the jobs of a sweep, keeping outcomes in a log where there is one to keep them in. */
import { type Job, ResultLog, runSweep, type SweepResults } from "@millrace/sweep";
import type { Workplace } from "../cli/outcome.ts";
import { MillraceError } from "../errors.ts";
import { LogFile, MemoryLog } from "../files/log-file.ts";
import { openPool, type PoolChoice } from "./pool-choice.ts";

/**
 * Runs what has no outcome yet.
 *
 * @throws {MillraceError} `interrupted` if the user asked to stop, `file-unwritable`
 */
export async function runJobs(
  jobs: readonly Job[],
  { choice, log: name }: { readonly choice: PoolChoice; readonly log: string | undefined },
  { host, progress }: Workplace,
): Promise<SweepResults> {
  const file = name === undefined ? new MemoryLog() : new LogFile(host.folder, name, true);
  try {
    const log = new ResultLog(file, name);
    const pool = await openPool(choice, host.folder);
    try {
      progress.begin("evaluating");
      const results = await runSweep(
        jobs,
        { pool, log },
        {
          progress: (finished, all) => progress.report(finished, all, "jobs"),
          stopRequested: () => host.stopRequested(),
        },
      );
      if (results.complete) return results;
      const finished = results.known + results.ran;
      throw new MillraceError("interrupted", `interrupted after ${finished} of ${jobs.length} jobs`, {
        ...(name === undefined ? {} : { help: "the same command goes on where it stopped" }),
      });
    } finally {
      await pool.close();
    }
  } finally {
    file.close();
  }
}
