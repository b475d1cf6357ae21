/** Threads that run jobs of one module; one that hangs is ended with its job. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { SweepError } from "../errors.ts";
import type { Job, JobOutcome } from "../job/job.ts";
import type { Json } from "../job/json.ts";
import { crashed, type JobCall, returned, timedOut } from "./run-job.ts";

/** How jobs are run. */
export interface ThreadOptions {
  /** The module whose default export runs a job. */
  readonly module: URL;
  /** How many run at once. */
  readonly threads: number;
  /** What the module is told beside each job; null unless given. */
  readonly context?: Json;
  /** Longest run of a job in ms, the start of its thread and module included; endless unless given. */
  readonly timeoutMs?: number;
}

/** Runs jobs, one by one as asked. */
export class JobThreads {
  readonly #pool: Piscina;
  readonly #timeoutMs: number | undefined;
  readonly #context: Json;

  /** @throws {SweepError} `module` if there is no such file. */
  constructor({ module, threads, timeoutMs, context = null }: ThreadOptions) {
    const path = fileURLToPath(module);
    if (!existsSync(path)) throw new SweepError("module", `there is no module ${path}`);
    this.#pool = new Piscina({
      filename: path,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 1,
    });
    // The answer of a job that was just given up, or an error between two jobs, is nobody's outcome: a thread that fails with a
    // job rejects that job's run.
    this.#pool.on("error", () => {});
    this.#timeoutMs = timeoutMs;
    this.#context = context;
  }

  /** Runs a job; the outcome of one that fails or hangs says so. Undefined if it was given up by `signal`. */
  async run(job: Job, signal?: AbortSignal): Promise<JobOutcome | undefined> {
    const limit = new AbortController();
    const giveUp = () => limit.abort("given up");
    signal?.addEventListener("abort", giveUp);
    // Time counts from when a thread takes the job: with no more runs than threads, that is now.
    const timer = this.#timeoutMs === undefined ? undefined : setTimeout(() => limit.abort("timeout"), this.#timeoutMs);
    try {
      const call: JobCall = { ...job, context: this.#context };
      return returned(job.id, await this.#pool.run(call, { signal: limit.signal }));
    } catch (error) {
      if (signal?.aborted) return undefined;
      if (limit.signal.aborted) return timedOut(job.id, this.#timeoutMs!);
      return crashed(job.id, error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
