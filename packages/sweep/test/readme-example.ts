import { jobOf, type LogFile, ResultLog, runSweep, threadPool } from "@millrace/sweep";

/** The squares of 1 to 5, each computed in one of two threads; kept in `file`, from which the same call goes on. */
export async function squares(module: URL, file: LogFile): Promise<unknown[]> {
  const jobs = [1, 2, 3, 4, 5].map((x) => jobOf("square", { x }));
  const pool = threadPool({ module, threads: 2, timeoutMs: 60_000 });
  const { outcomes } = await runSweep(jobs, { pool, log: new ResultLog(file) });
  await pool.close();
  return outcomes.map((outcome) => (outcome?.ok ? outcome.value : null));
}
