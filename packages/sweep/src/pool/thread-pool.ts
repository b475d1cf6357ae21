/** The pool of one machine: the threads of this process. */
import { SweepError } from "../errors.ts";
import { distinctJobs, type Job, type JobOutcome } from "../job/job.ts";
import type { JobPool } from "./job-pool.ts";
import { JobThreads, type ThreadOptions } from "./job-threads.ts";

/**
 * A pool of threads, each of which runs one job at a time.
 *
 * @throws {SweepError} `module` if there is no such file.
 */
export function threadPool(options: ThreadOptions): JobPool {
  return new ThreadPool(options);
}

class ThreadPool implements JobPool {
  readonly #threads: JobThreads;
  readonly #width: number;
  readonly #known = new Set<string>();
  readonly #waiting: Job[] = [];
  readonly #done: JobOutcome[] = [];
  readonly #stop = new AbortController();
  #next = 0;
  #running = 0;
  #wake: (() => void) | undefined;

  constructor(options: ThreadOptions) {
    this.#threads = new JobThreads(options);
    this.#width = options.threads;
  }

  async submit(jobs: readonly Job[]): Promise<void> {
    if (this.#stop.signal.aborted) throw new SweepError("pool-closed", "the pool is closed");
    for (const job of distinctJobs(jobs)) {
      if (this.#known.has(job.id)) continue;
      this.#known.add(job.id);
      this.#waiting.push(job);
    }
    this.#fill();
  }

  /** Starts jobs while threads are free. */
  #fill(): void {
    while (this.#running < this.#width && this.#next < this.#waiting.length) {
      const job = this.#waiting[this.#next]!;
      this.#next += 1;
      this.#running += 1;
      void this.#threads.run(job, this.#stop.signal).then((outcome) => {
        this.#running -= 1;
        if (outcome !== undefined) this.#done.push(outcome);
        if (!this.#stop.signal.aborted) this.#fill();
        this.#wake?.();
      });
    }
  }

  async *results(): AsyncIterableIterator<JobOutcome> {
    for (;;) {
      const outcome = this.#done.shift();
      if (outcome !== undefined) yield outcome;
      else if (this.#stop.signal.aborted || (this.#running === 0 && this.#next === this.#waiting.length)) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#threads.close();
  }
}
