import type { Job, JobOutcome } from "../job/job.ts";

/** Something that runs jobs: threads of this process, or workers elsewhere. */
export interface JobPool {
  /** Takes jobs on; those that it has already are not taken twice. */
  submit(jobs: readonly Job[]): Promise<void>;
  /**
   * One outcome for each job taken on, in the order in which they end; ends when there are no more. A pool whose jobs live
   * elsewhere forgets a job when the next outcome is asked for: by then the caller has kept it.
   */
  results(): AsyncIterableIterator<JobOutcome>;
  /** Stops; jobs under way are given up here, and may go on elsewhere. */
  close(): Promise<void>;
}
