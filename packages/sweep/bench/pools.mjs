/** What it costs to hand out empty jobs: called at once, over threads, and over a queue in Redis where there is one. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobOf, ResultLog, redisPool, runSweep, startWorker, threadPool } from "../dist/index.js";
import square from "../test/support/square.mjs";

const count = Number(process.argv[2] ?? 2000);
const module = new URL("../test/support/square.mjs", import.meta.url);
const jobs = Array.from({ length: count }, (_, x) => jobOf({}, { x }));

function memory() {
  let text = "";
  return {
    read: () => text,
    append(more) {
      text += more;
    },
    truncate(length) {
      text = text.slice(0, length);
    },
  };
}

async function timed(name, run, baseline) {
  const start = performance.now();
  const ran = await run();
  const seconds = (performance.now() - start) / 1000;
  if (ran !== count) throw new Error(`${ran} of ${count} jobs ran`);
  const rate = count / seconds;
  const ratio = baseline === undefined ? "" : `, ${(baseline / rate).toFixed(1)} x the time of threads`;
  const each = `${((1e3 * seconds) / count).toFixed(3)} ms each`;
  console.log(`${name.padEnd(24)}${rate.toFixed(0).padStart(8)} jobs/s, ${each}${ratio}`);
  return rate;
}

async function sweepOver(pool) {
  const { ran } = await runSweep(jobs, { pool, log: new ResultLog(memory()) });
  await pool.close();
  return ran;
}

console.log(`${count} jobs that do nothing, wall time`);
await timed("called", async () => {
  for (const job of jobs) await square(job);
  return count;
});
const threads = await timed("2 threads", () => sweepOver(threadPool({ module, threads: 2 })));

const program = ["redis-server", "valkey-server"].find((name) => spawnSync(name, ["--version"]).status === 0);
if (program === undefined) console.log("neither redis-server nor valkey-server is here: no queue");
else {
  const folder = mkdtempSync(join(tmpdir(), "pools-"));
  const port = 20_000 + (process.pid % 10_000);
  const settings = ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder, "--appendonly", "yes"];
  const server = spawn(program, settings, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => server.stdout.on("data", (text) => /ready to accept/i.test(text) && resolve()));
  const address = `redis://127.0.0.1:${port}`;
  const worker = await startWorker({ address, module, threads: 2 });
  await timed("queue, 2 threads", async () => sweepOver(await redisPool({ address, pollMs: 20 })), threads);
  await worker.close();
  // Hard: asked nicely, it would want to save to the folder that goes next.
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
