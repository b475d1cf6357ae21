import { expect, it } from "vitest";
import { dealJobs, jobOf, printJobs, readJobs, slurmScript } from "../../src/index.ts";

const jobs = Array.from({ length: 10 }, (_, x) => jobOf("square", { x }));

it("shards are dealt in turn, and hold every job once", () => {
  const shards = dealJobs([...jobs, jobs[3]!], 3);
  expect(shards.map((shard) => shard.length)).toEqual([4, 3, 3]);
  expect(shards[1]!.map(({ input }) => input)).toEqual([{ x: 1 }, { x: 4 }, { x: 7 }]);
  expect(dealJobs([], 2)).toEqual([[], []]);
  expect(() => dealJobs(jobs, 0)).toThrow("the number of shards must be an integer of at least 1, not 0");
});

it("jobs are written a line each and read back", () => {
  expect(readJobs(printJobs(jobs), "jobs")).toEqual(jobs);
  expect(() => readJobs(`${printJobs(jobs.slice(0, 2))}{"id":1}\n`, "jobs")).toThrow("jobs:3: this is no job");
});

it("the script of Slurm runs one task for each shard", () => {
  const script = slurmScript({ shards: 3, command: "millrace sweep shard out" });
  expect(script).toContain("#SBATCH --array=0-2\n");
  expect(script).toContain('exec millrace sweep shard out "$SLURM_ARRAY_TASK_ID"');
});
