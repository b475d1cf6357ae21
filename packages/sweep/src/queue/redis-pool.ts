/**
 * The pool of many machines: jobs wait in a queue of BullMQ in Redis or Valkey, workers anywhere take them.
 *
 * Delivery is at least once: a worker that dies leaves its job to another, and what the broker forgot is put in again. A job
 * is known by its content, so that it runs once as a rule, and its outcome is taken once always: results live with the
 * caller, and a job is removed from Redis when its outcome has been kept.
 */
import type { Queue, Job as QueuedJob } from "bullmq";
import { SweepError } from "../errors.ts";
import { distinctJobs, type Job, type JobOutcome } from "../job/job.ts";
import type { JobPool } from "../pool/job-pool.ts";
import { crashed } from "../pool/run-job.ts";
import { connectionOf, expectReachable, keyPrefix } from "./connection.ts";

/** Where the queue is. */
export interface QueueOptions {
  /** Such as `redis://127.0.0.1:6379`. */
  readonly address: string;
  /** Name of the queue; workers name the same. `sweep` unless given. */
  readonly queue?: string;
  /** How often the queue is looked at for outcomes, in ms; 100 unless given. */
  readonly pollMs?: number;
}

/** How many jobs go to Redis, or come from there, at once. */
const BATCH = 500;
/** After so many looks at the queue without an outcome it is asked whether it still knows the jobs; then each time after twice as many. */
const QUIET_LOOKS = 10;

/**
 * A pool over a queue.
 *
 * @throws {SweepError} `queue-address`, or `queue-unreachable` if nobody answers there.
 */
export async function redisPool(options: QueueOptions): Promise<JobPool> {
  const { address, queue = "sweep", pollMs = 100 } = options;
  await expectReachable(address);
  const { Queue } = await import("bullmq");
  return new RedisPool(new Queue(queue, { connection: connectionOf(address), prefix: keyPrefix }), pollMs);
}

class RedisPool implements JobPool {
  readonly #queue: Queue;
  readonly #pollMs: number;
  /** Jobs without an outcome yet, by the id that they have in the queue. */
  readonly #open = new Map<string, Job>();
  #closed = false;

  constructor(queue: Queue, pollMs: number) {
    this.#queue = queue;
    // The connection comes back by itself; what was asked meanwhile is asked again.
    this.#queue.on("error", () => {});
    this.#pollMs = pollMs;
  }

  async submit(jobs: readonly Job[]): Promise<void> {
    if (this.#closed) throw new SweepError("pool-closed", "the pool is closed");
    const fresh = distinctJobs(jobs).filter((job) => !this.#open.has(queueId(job)));
    for (const job of fresh) this.#open.set(queueId(job), job);
    await this.#put(fresh);
  }

  /** Puts jobs into the queue; those that are there already stay as they are. */
  async #put(jobs: readonly Job[]): Promise<void> {
    for (let from = 0; from < jobs.length; from += BATCH) {
      await this.#queue.addBulk(
        jobs.slice(from, from + BATCH).map((job) => ({ name: "job", data: job, opts: { jobId: queueId(job) } })),
      );
    }
  }

  async *results(): AsyncIterableIterator<JobOutcome> {
    let quiet = 0;
    let patience = QUIET_LOOKS;
    while (this.#open.size > 0 && !this.#closed) {
      const ended = await this.#ended();
      quiet += 1;
      if (ended.length > 0) [quiet, patience] = [0, QUIET_LOOKS];
      for (const queued of ended) {
        const job = this.#open.get(queued.id!)!;
        yield outcomeOf(job, queued);
        // By now it has been kept.
        this.#open.delete(queued.id!);
        await this.#attempt(() => queued.remove());
      }
      if (quiet === patience) {
        await this.#putForgotten();
        patience *= 2;
      }
      if (ended.length === 0) await pause(this.#pollMs);
    }
  }

  /** Some jobs of ours that have ended; those of others may stand before them. */
  async #ended(): Promise<QueuedJob[]> {
    for (let from = 0; ; from += BATCH) {
      const some = await this.#attempt(() =>
        this.#queue.getJobs(["completed", "failed"], from, from + BATCH - 1, true),
      );
      const own = (some ?? []).filter((queued) => queued?.id !== undefined && this.#open.has(queued.id));
      if (own.length > 0 || some === undefined || some.length === 0) return own;
    }
  }

  /** A broker that was ended hard may have lost what it took last. */
  async #putForgotten(): Promise<void> {
    const open = [...this.#open];
    for (let from = 0; from < open.length; from += BATCH) {
      const some = open.slice(from, from + BATCH);
      const queued = await this.#attempt(() => Promise.all(some.map(([id]) => this.#queue.getJob(id))));
      if (queued === undefined) return;
      const missing = some.flatMap(([, job], at) => (queued[at] === undefined ? [job] : []));
      if (missing.length > 0) await this.#attempt(() => this.#put(missing));
    }
  }

  /** Undefined if the broker is away: what was asked is asked again later. */
  async #attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch {
      return undefined;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue.close();
  }
}

/** A queue takes an id of digits alone for a number. */
function queueId({ id }: Job): string {
  return `job-${id}`;
}

function outcomeOf({ id }: Job, queued: QueuedJob): JobOutcome {
  const value: unknown = queued.returnvalue;
  if (typeof value === "object" && value !== null && "id" in value && value.id === id) return value as JobOutcome;
  return crashed(id, queued.failedReason ?? "the worker gave no outcome");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
