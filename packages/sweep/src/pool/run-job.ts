/** What a module must export to run jobs, and what becomes of one run. */
import type { Job, JobOutcome } from "../job/job.ts";
import { canonicalJson, type Json } from "../job/json.ts";

/** A job as the module that runs it sees it. */
export interface JobCall extends Job {
  /** What depends on the machine and not on the job, such as the folder that files are named from. */
  readonly context: Json;
}

/** The default export of a module that runs jobs: from task and input to a result, which must be plain data. */
export type JobFunction = (call: JobCall) => Json | Promise<Json>;

/** The outcome of a run that returned `value`. */
export function returned(id: string, value: unknown): JobOutcome {
  try {
    return { id, ok: true, value: JSON.parse(canonicalJson((value ?? null) as Json)) as Json };
  } catch (error) {
    return crashed(id, `its result cannot be passed on: ${(error as Error).message}`);
  }
}

/** The outcome of a run that failed by itself. */
export function crashed(id: string, message: string): JobOutcome {
  return { id, ok: false, kind: "crash", message: message.slice(0, 400) };
}

/** The outcome of a run that took too long. */
export function timedOut(id: string, timeoutMs: number): JobOutcome {
  return { id, ok: false, kind: "timeout", message: `longer than ${timeoutMs / 1000} s` };
}
