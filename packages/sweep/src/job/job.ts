/** A piece of work, known by what it is: equal work has the same name on every machine. */
import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "./json.ts";

/** A piece of work. It may run more than once, and must give the same each time. */
export interface Job {
  /** 64 hexadecimal digits: the SHA-256 of task and input. */
  readonly id: string;
  /** What is to be done with the input, for the function that runs jobs. */
  readonly task: Json;
  readonly input: Json;
}

/**
 * The job that does `task` to `input`.
 *
 * @throws {SweepError} `job-input` for what JSON cannot say.
 *
 * @example
 * ```ts
 * jobOf("square", { x: 3, y: 4 }).id === jobOf("square", { y: 4, x: 3 }).id; // => true
 * ```
 */
export function jobOf(task: Json, input: Json): Job {
  const id = createHash("sha256")
    .update(canonicalJson([task, input]))
    .digest("hex");
  return { id, task, input };
}

/** What became of a job: its result, or how it failed. A failure is as final as a result. */
export type JobOutcome =
  | { readonly id: string; readonly ok: true; readonly value: Json }
  | { readonly id: string; readonly ok: false; readonly kind: "crash" | "timeout"; readonly message: string };

/** The jobs without those that come a second time, in order. */
export function distinctJobs(jobs: readonly Job[]): readonly Job[] {
  return [...new Map(jobs.map((job) => [job.id, job])).values()];
}
