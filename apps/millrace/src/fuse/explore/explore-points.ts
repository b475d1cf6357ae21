/** Explores points, several at a time in threads. */
import type { Configuration, ExplorationSubject, Explored } from "@millrace/fuseflow-sparse";
import { type Job, type JobOutcome, type Json, jobOf, threadPool } from "@millrace/sweep";
import type { Host } from "../../cli/host.ts";
import { type ExplorationPlan, explorerFor } from "./explore-job.ts";
import { fingerprint } from "./subject.ts";

/** How points are explored. */
export interface ExploreOptions {
  /** Points at the same time; with 1 they run in this thread. */
  readonly jobs: number;
  readonly host: Pick<Host, "stopRequested">;
  /** Told of every result as it comes, in no order. */
  readonly onResult: (explored: Explored | null) => void;
}

const LOOK_MILLISECONDS = 50;

/** Explores `points`; false if the user stopped it. What was running then is lost, what came before was told. */
export async function explorePoints(
  points: readonly Configuration[],
  { subject, plan }: { readonly subject: ExplorationSubject; readonly plan: ExplorationPlan },
  options: ExploreOptions,
): Promise<boolean> {
  const { jobs, host, onResult } = options;
  if (jobs > 1 && points.length > 1) {
    const task = fingerprint(subject, plan.memory, plan.folder);
    return exploreInThreads(
      points.map((point) => jobOf(task, point as unknown as Json)),
      plan,
      options,
    );
  }
  const explorer = explorerFor(subject, plan.memory, plan.folder);
  for (const point of points) {
    if (host.stopRequested()) return false;
    onResult(explorer.explore(point));
  }
  return true;
}

async function exploreInThreads(
  jobs: readonly Job[],
  plan: ExplorationPlan,
  { jobs: threads, host, onResult }: ExploreOptions,
): Promise<boolean> {
  const module = new URL("explore-job.js", import.meta.url);
  const pool = threadPool({ module, threads: Math.min(threads, jobs.length), context: plan as unknown as Json });
  let stopped = false;
  const looking = setInterval(() => {
    if (stopped || !host.stopRequested()) return;
    stopped = true;
    void pool.close();
  }, LOOK_MILLISECONDS);
  try {
    await pool.submit(jobs);
    for await (const outcome of pool.results()) onResult(resultOf(outcome));
  } finally {
    clearInterval(looking);
    await pool.close();
  }
  return !stopped;
}

/** What a job came to. @throws {Error} for one that ended without a result: a fault of ours. */
function resultOf(outcome: JobOutcome): Explored | null {
  if (outcome.ok) return JSON.parse(outcome.value as string) as Explored | null;
  throw new Error(`a configuration could not be run: ${outcome.message}`);
}
