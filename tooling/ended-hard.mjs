// Ends long runs hard (SIGKILL) at random moments, goes on with each, and compares what they come to with an uninterrupted run.
// `node tooling/ended-hard.mjs [ENDS [SEED]]` after `npm start` or `npm test`: 50 ends in all unless told otherwise, minutes.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, "apps/millrace/bin/millrace.js");
const [ends = 50, seed = 1] = process.argv.slice(2).map(Number);

/** A number from 0 to 1 from a seed that moves on: xorshift. */
let state = seed * 2654435761 || 1;
function random() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}

const file = (folder, name) => readFileSync(join(folder, name), "utf8");
/** What was measured without how long it took. */
const untimed = (text) => JSON.stringify(JSON.parse(text).history.map(({ ms: _, ...entry }) => entry));
/** What a pipeline came to without what of it was there before. */
const uncounted = (text) => JSON.stringify({ ...JSON.parse(text), cached: null });
/** What a run came to without what this process spent on it. */
const unspent = (text) => JSON.stringify({ ...JSON.parse(text), spending: null });

const runs = [
  {
    name: "sweep",
    words: () => "sweep run moe:qwen3-30b-a3b -i batch=16 -i gpus=2 --sample 40 --out out --json".split(" "),
    result: (folder, stdout) => stdout + file(folder, "out/sweep.json"),
  },
  {
    name: "tune",
    words: () => "tune moe:qwen3-30b-a3b -i batch=32 -i gpus=2 --budget 25 --log study.log --resume --json".split(" "),
    result: (_folder, stdout) => untimed(stdout),
  },
  {
    name: "explore",
    words: () => "fuse explore gcn --orders 6 --lanes 1,2,4 --out out --json".split(" "),
    result: (folder, stdout) => stdout + file(folder, "out/explored.jsonl"),
  },
  {
    name: "run",
    words: () => [
      "run",
      join(root, "examples/pipelines/operator-library.yaml"),
      "--jobs",
      "2",
      "--out",
      "out",
      "--json",
    ],
    result: (folder, stdout) =>
      uncounted(stdout) +
      file(folder, "out/pipeline.json") +
      file(folder, "out/run.json") +
      file(folder, "out/report.html"),
  },
  {
    name: "agent",
    words: (folder) =>
      existsSync(join(folder, "out/learning.json"))
        ? "agent resume out --json".split(" ")
        : "agent run --synth --rollouts 2 --max-iterations 2 --enumerator 300 --out out --json".split(" "),
    result: (folder, stdout) => unspent(stdout) + file(folder, "out/events.jsonl"),
  },
];

/** Runs a command; ends it hard after so many ms, if it still runs. */
function run(words, folder, endAfter) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, [program, ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) {
      child[name].on("data", (text) => {
        printed[name] += text;
      });
    }
    const timer = endAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), endAfter);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ ...printed, status, ended: signal === "SIGKILL", ms: performance.now() - started });
    });
  });
}

/** What an uninterrupted run comes to, and how long it takes. */
async function whole({ name, words, result }) {
  const folder = mkdtempSync(join(tmpdir(), "ended-hard-"));
  const { status, stdout, stderr, ms } = await run(words(folder), folder);
  if (status !== 0) throw new Error(`${name} ended with status ${status}: ${stderr}`);
  const text = result(folder, stdout);
  rmSync(folder, { recursive: true });
  return { text, ms };
}

let failed = 0;
for (const [at, each] of runs.entries()) {
  const share = Math.floor(ends / runs.length) + (at < ends % runs.length ? 1 : 0);
  const { text, ms } = await whole(each);
  let [done, rounds] = [0, 0];
  while (done < share) {
    const folder = mkdtempSync(join(tmpdir(), "ended-hard-"));
    // Up to five ends on the way of one run, then it may come to its end.
    for (let left = Math.min(5, share - done); left > 0; left--) {
      const { ended } = await run(each.words(folder), folder, 100 + random() * 0.8 * ms);
      if (!ended) break;
      done += 1;
    }
    const { status, stdout, stderr } = await run(each.words(folder), folder);
    rounds += 1;
    const same = status === 0 && each.result(folder, stdout) === text;
    if (!same) {
      failed += 1;
      console.error(`${each.name}, round ${rounds}: status ${status}, another result; kept in ${folder}\n${stderr}`);
    } else rmSync(folder, { recursive: true });
  }
  console.log(`${each.name}: ended hard ${done} times in ${rounds} runs of ${(ms / 1000).toFixed(1)} s`);
}
console.log(failed === 0 ? "every run came to the same bytes" : `${failed} runs did not come to the same bytes`);
process.exitCode = failed === 0 ? 0 : 1;
