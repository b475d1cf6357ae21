/** Sweeps without a broker: jobs are dealt out to the tasks of a batch system, whose logs are put together at the end. */
import { SweepError } from "../errors.ts";
import { distinctJobs, type Job } from "../job/job.ts";
import { canonicalJson, type Json } from "../job/json.ts";

/**
 * Deals jobs out to `shards` lists in turn, so that neighbours, which often take alike, go to different ones.
 *
 * @throws {SweepError} `shards` unless it is an integer of at least 1.
 */
export function dealJobs(jobs: readonly Job[], shards: number): readonly (readonly Job[])[] {
  if (!Number.isInteger(shards) || shards < 1) {
    throw new SweepError("shards", `the number of shards must be an integer of at least 1, not ${shards}`);
  }
  const lists = Array.from({ length: shards }, (): Job[] => []);
  for (const [at, job] of distinctJobs(jobs).entries()) lists[at % shards]!.push(job);
  return lists;
}

/** Jobs as text, a line each; `readJobs` reads it back. */
export function printJobs(jobs: readonly Job[]): string {
  return jobs.map((job) => `${canonicalJson(job as unknown as Json)}\n`).join("");
}

/** Reads jobs back from their lines; `name` is what messages call the text. @throws {SweepError} `shards` with the line that is no job. */
export function readJobs(text: string, name: string): readonly Job[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, at) => {
    try {
      const job = JSON.parse(line) as Partial<Job>;
      if (typeof job.id === "string" && job.task !== undefined && job.input !== undefined) return job as Job;
    } catch {
      // Told below.
    }
    throw new SweepError("shards", `${name}:${at + 1}: this is no job`, { help: "plan the sweep again" });
  });
}

/** The array job of Slurm that runs `command` once for each shard, with the number of the shard behind it. */
export function slurmScript({ shards, command }: { readonly shards: number; readonly command: string }): string {
  return `#!/bin/sh
#SBATCH --job-name=sweep
#SBATCH --array=0-${shards - 1}
#SBATCH --output=shard-%a.out
# A shard that was ended goes on where it stopped: submit the script again.
exec ${command} "$SLURM_ARRAY_TASK_ID"
`;
}
