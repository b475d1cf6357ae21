/** Fans a list of jobs out and brings every result back once. */
export { SweepError, type SweepErrorCode } from "./errors.ts";
export { distinctJobs, type Job, type JobOutcome, jobOf } from "./job/job.ts";
export { canonicalJson, type Json } from "./job/json.ts";
export type { JobPool } from "./pool/job-pool.ts";
export type { ThreadOptions } from "./pool/job-threads.ts";
export type { JobCall, JobFunction } from "./pool/run-job.ts";
export { threadPool } from "./pool/thread-pool.ts";
export { type QueueOptions, redisPool } from "./queue/redis-pool.ts";
export { type QueueWorker, startWorker, type WorkerOptions } from "./queue/worker.ts";
export { type LogFile, lineOf, ResultLog } from "./results/result-log.ts";
export { runSweep, type SweepOptions, type SweepResults } from "./run-sweep.ts";
export { dealJobs, printJobs, readJobs, slurmScript } from "./shard/shards.ts";
