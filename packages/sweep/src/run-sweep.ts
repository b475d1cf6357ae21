/** Runs what has no outcome yet, and keeps each outcome as it comes. */
import { distinctJobs, type Job, type JobOutcome } from "./job/job.ts";
import type { JobPool } from "./pool/job-pool.ts";
import type { ResultLog } from "./results/result-log.ts";

/** How a sweep is watched and ended. */
export interface SweepOptions {
  /** Told after each outcome. */
  readonly progress?: (finished: number, all: number) => void;
  /** Asked after each outcome; the sweep ends with what it has. */
  readonly stopRequested?: () => boolean;
}

/** What a sweep came to. */
export interface SweepResults {
  /** One for each job, in the order of the jobs; undefined for those that the sweep was ended before. */
  readonly outcomes: readonly (JobOutcome | undefined)[];
  /** Distinct jobs that had an outcome before. */
  readonly known: number;
  /** Distinct jobs that ran now. */
  readonly ran: number;
  readonly complete: boolean;
}

/** Runs `jobs` on `pool`; the same jobs again only run where `log` has no outcome. The pool stays open. */
export async function runSweep(
  jobs: readonly Job[],
  { pool, log }: { readonly pool: JobPool; readonly log: ResultLog },
  { progress = () => {}, stopRequested = () => false }: SweepOptions = {},
): Promise<SweepResults> {
  const distinct = distinctJobs(jobs);
  const missing = distinct.filter(({ id }) => log.of(id) === undefined);
  const known = distinct.length - missing.length;
  let ran = 0;
  progress(known, distinct.length);
  await pool.submit(missing);
  for await (const outcome of pool.results()) {
    if (log.add(outcome)) ran += 1;
    progress(known + ran, distinct.length);
    if (stopRequested()) break;
  }
  const outcomes = jobs.map(({ id }) => log.of(id));
  return { outcomes, known, ran, complete: outcomes.every((outcome) => outcome !== undefined) };
}
