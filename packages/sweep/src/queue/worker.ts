/** A worker: takes jobs from a queue and runs them in threads of its own, so that it can always say that it is alive. */
import type { Job, JobOutcome } from "../job/job.ts";
import { JobThreads, type ThreadOptions } from "../pool/job-threads.ts";
import { connectionOf, expectReachable, keyPrefix } from "./connection.ts";
import type { QueueOptions } from "./redis-pool.ts";

/** Where a worker takes jobs from, and how it runs them. */
export interface WorkerOptions extends ThreadOptions, Pick<QueueOptions, "address" | "queue"> {
  /** How long a worker may be silent before its jobs go to others, in ms; 30,000 unless given. */
  readonly silenceMs?: number;
  /** Told of each outcome. */
  readonly progress?: (outcome: JobOutcome) => void;
}

/** A worker at work. */
export interface QueueWorker {
  /** Finishes the jobs under way, takes no more, and ends. */
  close(): Promise<void>;
}

/** How often a job may lose its worker before it counts as the one to blame. */
const LOST_WORKERS = 20;

/**
 * Starts a worker.
 *
 * @throws {SweepError} `module`, `queue-address`, or `queue-unreachable` if nobody answers there.
 */
export async function startWorker(options: WorkerOptions): Promise<QueueWorker> {
  const { address, queue = "sweep", threads, silenceMs = 30_000, progress = () => {} } = options;
  await expectReachable(address);
  const { Worker } = await import("bullmq");
  const running = new JobThreads(options);
  const worker = new Worker(
    queue,
    async (queued): Promise<JobOutcome> => {
      const outcome = (await running.run(queued.data as Job))!;
      progress(outcome);
      return outcome;
    },
    {
      connection: connectionOf(address),
      prefix: keyPrefix,
      concurrency: threads,
      lockDuration: silenceMs,
      stalledInterval: Math.max(1000, Math.round(silenceMs / 2)),
      maxStalledCount: LOST_WORKERS,
    },
  );
  // The connection comes back by itself; a job that ended while it was away runs again.
  worker.on("error", () => {});
  await worker.waitUntilReady();
  return {
    async close() {
      await worker.close();
      await running.close();
    },
  };
}
