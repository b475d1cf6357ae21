import { describe, expect, it, onTestFinished } from "vitest";
import { type Job, jobOf, ResultLog, runSweep, SweepError, type ThreadOptions, threadPool } from "../../src/index.ts";
import { MemoryLog } from "../support/memory-log.ts";

const module = new URL("../support/square.mjs", import.meta.url);

function pool(options: Partial<ThreadOptions> = {}) {
  const made = threadPool({ module, threads: 2, ...options });
  onTestFinished(() => made.close());
  return made;
}

const squares = (count: number): Job[] => Array.from({ length: count }, (_, x) => jobOf({}, { x }));

describe("a pool of threads", () => {
  it("gives one outcome for each job, of two alike only one", async () => {
    const jobs = squares(50);
    const log = new ResultLog(new MemoryLog());
    const told: number[] = [];
    const results = await runSweep([...jobs, jobs[7]!], { pool: pool(), log }, { progress: (done) => told.push(done) });
    expect(results).toMatchObject({ known: 0, ran: 50, complete: true });
    expect(results.outcomes.length).toBe(51);
    for (const [x, outcome] of results.outcomes.slice(0, 50).entries()) {
      expect(outcome).toEqual({ id: jobs[x]!.id, ok: true, value: { square: x * x } });
    }
    expect(told).toEqual(Array.from({ length: 51 }, (_, done) => done));
  });

  it("takes failures as outcomes and goes on: an error, the end of the thread, no end, no data", async () => {
    const jobs = ["throw", "exit", "hang", "function", null].map((fail) => jobOf({}, { x: 2, fail }));
    const log = new ResultLog(new MemoryLog());
    const { outcomes } = await runSweep(jobs, { pool: pool({ timeoutMs: 3000 }), log });
    expect(outcomes).toMatchObject([
      { ok: false, kind: "crash", message: "it was told to fail" },
      { ok: false, kind: "crash" },
      { ok: false, kind: "timeout", message: "longer than 3 s" },
      { ok: false, kind: "crash" },
      { ok: true, value: { square: 4 } },
    ]);
  }, 30_000);

  it("runs only what has no outcome yet, and writes the same log for it", async () => {
    const jobs = squares(12);
    const file = new MemoryLog();
    const first = await runSweep(jobs, { pool: pool({ threads: 1 }), log: new ResultLog(file) });
    expect(first.ran).toBe(12);
    const lines = file.text.split("\n");
    const again = new MemoryLog(`${lines.slice(0, 5).join("\n")}\n${lines[5]!.slice(0, 20)}`);
    const second = await runSweep(jobs, { pool: pool({ threads: 1 }), log: new ResultLog(again) });
    expect(second).toMatchObject({ known: 5, ran: 7, outcomes: first.outcomes });
    expect(again.text).toBe(file.text);
  });

  it("ends when it is asked to, with what it has", async () => {
    const log = new ResultLog(new MemoryLog());
    let finished = 0;
    const progress = (done: number): void => {
      finished = done;
    };
    const options = { progress, stopRequested: () => finished >= 3 };
    const results = await runSweep(squares(40), { pool: pool({ threads: 1 }), log }, options);
    expect(results).toMatchObject({ ran: 3, complete: false });
  });

  it("refuses a module that is not there, and jobs when it is closed", async () => {
    expect(() => threadPool({ module: new URL("nowhere.mjs", import.meta.url), threads: 1 })).toThrow(SweepError);
    const closed = pool();
    await closed.close();
    await expect(closed.submit(squares(1))).rejects.toThrow("the pool is closed");
  });
});
