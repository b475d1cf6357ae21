/** What runs jobs, as a command line chooses it. */
import { availableParallelism } from "node:os";
import { type JobPool, redisPool, type ThreadOptions, threadPool } from "@millrace/sweep";

/** The choice between the threads of this process and workers behind a queue. */
export interface PoolChoice {
  readonly jobs?: number | undefined;
  readonly timeout?: number | undefined;
  readonly queue?: string | undefined;
}

/** The threads that evaluate jobs here: of `folder`, all cores unless told otherwise. */
export function evaluationThreads({ jobs, timeout }: PoolChoice, folder: string): ThreadOptions {
  return {
    module: new URL("evaluate-job.js", import.meta.url),
    threads: jobs ?? availableParallelism(),
    context: { folder },
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  };
}

/** Opens the pool that is chosen. @throws {SweepError} `queue-address` or `queue-unreachable` */
export async function openPool(choice: PoolChoice, folder: string): Promise<JobPool> {
  if (choice.queue !== undefined) return redisPool({ address: choice.queue });
  return threadPool(evaluationThreads(choice, folder));
}
