import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { jobOf, type QueueOptions, ResultLog, redisPool, runSweep, startWorker } from "../../src/index.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { RedisServer, redisProgram } from "../support/redis-server.ts";

const module = new URL("../support/square.mjs", import.meta.url);

async function pool(options: QueueOptions) {
  const made = await redisPool(options);
  onTestFinished(() => made.close());
  return made;
}

/** A worker in a process of its own; resolves when it is ready. */
function workerProcess(address: string, queue: string): Promise<ChildProcess> {
  const script = new URL("../support/worker.mjs", import.meta.url).pathname;
  const started = spawn(process.execPath, [script, address, queue], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void started.kill("SIGKILL"));
  return new Promise((resolve, reject) => {
    started.stdout.on("data", () => resolve(started));
    started.on("exit", (status) => reject(new Error(`a worker ended with status ${status}`)));
  });
}

describe("an address of a queue", () => {
  it.each([
    ["localhost:6379", '"localhost:6379" is no address of a queue'],
    ["http://127.0.0.1", '"http://127.0.0.1" is no address of a queue'],
    ["redis://127.0.0.1/one", 'names no database: "one" is no number'],
    ["redis://127.0.0.1:1", "no Redis answers at redis://127.0.0.1:1"],
  ])("%s is refused", async (address, message) => {
    await expect(redisPool({ address })).rejects.toThrow(message);
    await expect(startWorker({ address, module, threads: 1 })).rejects.toThrow(message);
  });
});

if (redisProgram === undefined) console.warn("neither redis-server nor valkey-server is here: the queue is not tested");

describe.skipIf(redisProgram === undefined)("a queue in Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.remove());

  it("gives one outcome for each job, and forgets those that were kept", async () => {
    const address = server.address;
    const worker = await startWorker({ address, queue: "small", module, threads: 2, timeoutMs: 3000 });
    onTestFinished(() => worker.close());
    const jobs = [..."abc"].map((name, x) => jobOf({ name }, { x }));
    const bad = ["throw", "hang"].map((fail) => jobOf({}, { x: 1, fail }));
    const log = new ResultLog(new MemoryLog());
    const jobPool = await pool({ address, queue: "small" });
    const { outcomes } = await runSweep([...jobs, ...bad, jobs[0]!], { pool: jobPool, log });
    expect(outcomes.slice(0, 3)).toMatchObject([0, 1, 4].map((square) => ({ ok: true, value: { square } })));
    expect(outcomes.slice(3, 5)).toMatchObject([
      { kind: "crash", message: "it was told to fail" },
      { kind: "timeout" },
    ]);
    // A second sweep with a log of its own runs everything again: Redis keeps no results.
    const again = new ResultLog(new MemoryLog());
    const secondPool = await pool({ address, queue: "small" });
    expect(await runSweep(jobs, { pool: secondPool, log: again })).toMatchObject({ known: 0, ran: 3 });
  }, 60_000);

  it("loses none of 2,000 jobs and gives none twice, with a worker ended hard and the broker started anew", async () => {
    const queue = "storm";
    const workers = await Promise.all([0, 1, 2].map(() => workerProcess(server.address, queue)));
    const jobs = Array.from({ length: 2000 }, (_, x) => jobOf({ pauseMs: 4 }, { x }));
    const file = new MemoryLog();
    const log = new ResultLog(file);
    let ended = 0;
    const disturb = (done: number): void => {
      if (done > 400 && ended === 0) {
        ended = 1;
        workers[0]!.removeAllListeners("exit").kill("SIGKILL");
      }
      if (done > 900 && ended === 1) {
        ended = 2;
        void server.down().then(() => server.up());
      }
    };
    const jobPool = await pool({ address: server.address, queue, pollMs: 50 });
    const { outcomes, ran } = await runSweep(jobs, { pool: jobPool, log }, { progress: disturb });
    expect(ended).toBe(2);
    expect(ran).toBe(2000);
    expect(file.text.trimEnd().split("\n").length).toBe(2000);
    for (const [x, outcome] of outcomes.entries())
      expect(outcome).toMatchObject({ ok: true, value: { square: x * x } });
  }, 180_000);
});
