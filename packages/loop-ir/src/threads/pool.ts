import { LoopError } from "../errors.ts";
import type { ThreadHost } from "../host/host.ts";
import type { BoundKernel, RunStatistics } from "../kernel/kernel.ts";
import type { SharedRun } from "../kernel/shared-run.ts";
import { closedQueue } from "../wasm/emit.ts";
import { PoolThread } from "./pool-thread.ts";

/** How large a pool is. */
export interface WorkerPoolOptions {
  /** Threads that run units, the calling one among them; the host's processors unless given. */
  readonly workers?: number;
}

/** What a run in a pool covers. */
export interface PoolRunOptions {
  /** How many units the work is cut into; 1 unless given. */
  readonly units?: number;
}

/** A run that the caller does not wait for. */
export interface PoolTaskOptions extends PoolRunOptions {
  /** Milliseconds after which the run is ended, wherever it is. */
  readonly deadlineMilliseconds?: number;
  /** Ends the run when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Milliseconds that threads have to finish their units once a run has been called off; then they are replaced. */
const graceMilliseconds = 20;

/**
 * Threads that stay, and that share the units of one kernel at a time: each takes the next unit when it is free. A pool
 * that is running refuses a second run, so kernels cannot be nested.
 */
export class WorkerPool {
  readonly workers: number;
  readonly #host: ThreadHost;
  readonly #threads: PoolThread[] = [];
  #busy = false;
  #closed = false;
  #answered: () => void = () => {};

  constructor(host: ThreadHost, options: WorkerPoolOptions = {}) {
    const { workers = host.processors } = options;
    if (!(Number.isInteger(workers) && workers >= 1 && workers <= 1024)) {
      throw new LoopError("argument", `a pool has between 1 and 1024 workers, not ${workers}`);
    }
    this.workers = workers;
    this.#host = host;
  }

  /**
   * Runs all units and waits; the calling thread takes part. An interpreted kernel, and one with a single unit, runs on
   * the calling thread alone.
   *
   * @throws {LoopError} as {@link BoundKernel.run} does; `worker` if the pool is running; `closed` if it is closed.
   */
  run(bound: BoundKernel, { units = 1 }: PoolRunOptions = {}): RunStatistics {
    this.#refuseBusy();
    const { shared } = bound;
    const helpers = Math.min(this.workers, units) - 1;
    if (shared === undefined || helpers < 1) return bound.run({ units });
    return this.#exclusively(() => {
      shared.prepare();
      shared.queue[0] = 0;
      const threads = this.#helpers(helpers);
      threads.forEach((thread, place) => {
        thread.start({ run: shared, to: units, units, worker: place + 1, answer: false });
      });
      const reasons = [{ reason: 0, trap: "" }];
      try {
        reasons[0]!.reason = shared.call(units, units, 0);
      } catch (error) {
        Atomics.store(shared.queue, 0, closedQueue);
        reasons[0] = { reason: -1, trap: error instanceof Error ? error.message : String(error) };
      }
      for (const thread of threads) thread.wait();
      shared.conclude();
      refuseFailure(shared, [...reasons, ...threads]);
      return { units };
    });
  }

  /**
   * Runs all units on other threads, so that the calling one stays free. A run that is aborted or late is ended: threads
   * that are inside a unit are stopped and replaced, and what the arrays then hold is arbitrary. A native kernel can only
   * be stopped between units.
   *
   * @throws {LoopError} `deadline` or `cancelled`; or as {@link WorkerPool.run} does.
   */
  async runAsync(bound: BoundKernel, options: PoolTaskOptions = {}): Promise<RunStatistics> {
    this.#refuseBusy();
    const { units = 1 } = options;
    const { shared } = bound;
    if (shared === undefined) return bound.run({ units });
    this.#busy = true;
    try {
      if (options.signal?.aborted) throw new LoopError("cancelled", `kernel ${bound.kernel.nest.name} was cancelled`);
      shared.prepare();
      shared.queue[0] = 0;
      const threads = this.#helpers(Math.max(1, Math.min(this.workers, units)));
      threads.forEach((thread, worker) => {
        thread.start({ run: shared, to: units, units, worker, answer: true });
      });
      const ended = await this.#finished(shared, threads, options);
      if (ended !== undefined)
        throw new LoopError(ended, `kernel ${bound.kernel.nest.name} ${reasonText(ended, options)}`);
      shared.conclude();
      refuseFailure(shared, threads);
      return { units };
    } finally {
      this.#busy = false;
    }
  }

  /** Ends all threads; the pool cannot be used any more. */
  close(): void {
    this.#closed = true;
    for (const thread of this.#threads.splice(0)) thread.terminate();
  }

  /** Threads that are alive, for tests and reports. */
  get threads(): number {
    return this.#threads.length;
  }

  #finished(
    shared: SharedRun,
    threads: readonly PoolThread[],
    { deadlineMilliseconds, signal }: PoolTaskOptions,
  ): Promise<"deadline" | "cancelled" | undefined> {
    return new Promise((resolve) => {
      let ended: "deadline" | "cancelled" | undefined;
      const undo: (() => void)[] = [];
      const finish = (lost: readonly PoolThread[]) => {
        for (const action of undo) action();
        this.#answered = () => {};
        this.#replace(lost);
        resolve(ended);
      };
      const settle = () => {
        if (!threads.every((thread) => thread.idle || thread.failure !== undefined)) return;
        finish(threads.filter((thread) => thread.failure !== undefined));
      };
      const stop = (why: "deadline" | "cancelled") => {
        ended ??= why;
        Atomics.store(shared.queue, 0, closedQueue);
        undo.push(this.#host.after(graceMilliseconds, () => finish(threads.filter((thread) => !thread.idle))));
      };
      const abort = () => stop("cancelled");
      this.#answered = settle;
      for (const thread of threads) thread.keepAlive(true);
      undo.push(() => {
        for (const thread of threads) thread.keepAlive(false);
        signal?.removeEventListener("abort", abort);
      });
      if (deadlineMilliseconds !== undefined) undo.push(this.#host.after(deadlineMilliseconds, () => stop("deadline")));
      signal?.addEventListener("abort", abort);
      settle();
    });
  }

  #helpers(count: number): PoolThread[] {
    this.#replace(this.#threads.filter((thread) => thread.failure !== undefined));
    while (this.#threads.length < count) {
      this.#threads.push(new PoolThread(this.#host, () => this.#answered()));
    }
    return this.#threads.slice(0, count);
  }

  #replace(threads: readonly PoolThread[]): void {
    for (const thread of threads) {
      thread.terminate();
      this.#threads.splice(this.#threads.indexOf(thread), 1);
    }
  }

  #refuseBusy(): void {
    if (this.#closed) throw new LoopError("closed", "the pool has been closed");
    if (this.#busy) throw new LoopError("worker", "the pool is running another kernel; kernels cannot be nested");
  }

  #exclusively<T>(body: () => T): T {
    this.#busy = true;
    try {
      return body();
    } finally {
      this.#busy = false;
    }
  }
}

function reasonText(ended: "deadline" | "cancelled", { deadlineMilliseconds }: PoolTaskOptions): string {
  return ended === "deadline" ? `was not done after ${deadlineMilliseconds} ms` : "was cancelled";
}

/** Throws for the first thread whose run ended early. */
function refuseFailure(
  shared: SharedRun,
  results: readonly { readonly reason: number; readonly trap: string; readonly failure?: Error | undefined }[],
): void {
  for (const { reason, trap, failure } of results) {
    if (failure !== undefined) throw new LoopError("worker", `a thread ended: ${failure.message}`, { cause: failure });
    if (reason !== 0) throw shared.failure(reason, trap);
  }
}
