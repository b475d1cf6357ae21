// Ends long runs before their time, goes on with each, and compares what they come to with an uninterrupted run: the bytes of
// the results and the names of all files. They end hard (SIGKILL) at random moments and just after random changes of files, by
// ^C, or on a disk that takes no more; then logs may be torn. `node tooling/ended-hard.mjs [ENDS [SEED]]` after `npm start` or
// `npm test`: 50 ends in all unless told otherwise, minutes.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { anyEnd, endedEarly, filesIn, randomFrom, run, tear } from "./ends.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, "apps/millrace/bin/millrace.js");
const [ends = 50, seed = 1] = process.argv.slice(2).map(Number);

const random = randomFrom(seed);

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

const command = (words) => [process.execPath, program, ...words];

/** What an uninterrupted run comes to, and how long it takes. */
async function whole({ name, words, result }) {
  const folder = mkdtempSync(join(tmpdir(), "ended-hard-"));
  const { status, stdout, stderr, ms, changes } = await run(command(words(folder)), folder);
  if (status !== 0) throw new Error(`${name} ended with status ${status}: ${stderr}`);
  const [text, files] = [result(folder, stdout), filesIn(folder)];
  rmSync(folder, { recursive: true });
  return { text, files, ms, changes };
}

/** One run that is ended up to so many times on its way, then comes to its end; how often it was ended, and whether it differs. */
async function interrupted({ words, result }, { text, files, ...way }, most) {
  const folder = mkdtempSync(join(tmpdir(), "ended-hard-"));
  const ends = [];
  while (ends.length < most) {
    const end = anyEnd(random, way);
    if (!endedEarly(await run(command(words(folder)), folder, end), end)) break;
    ends.push(end);
    if (random() < 0.5) tear(folder, random);
  }
  const { status, stdout, stderr } = await run(command(words(folder)), folder);
  const left = filesIn(folder);
  let fault;
  if (status !== 0) fault = `status ${status}: ${stderr}`;
  else if (result(folder, stdout) !== text) fault = "another result";
  else if (left.join() !== files.join()) fault = `other files: ${left.filter((name) => !files.includes(name))}`;
  if (fault === undefined) rmSync(folder, { recursive: true });
  else console.error(`after ${JSON.stringify(ends)}: ${fault}; kept in ${folder}`);
  return { ended: ends.length, failed: fault !== undefined };
}

let failures = 0;
for (const [at, each] of runs.entries()) {
  const share = Math.floor(ends / runs.length) + (at < ends % runs.length ? 1 : 0);
  const uninterrupted = await whole(each);
  let [done, rounds] = [0, 0];
  while (done < share) {
    // Up to five ends on the way of one run.
    const { ended, failed } = await interrupted(each, uninterrupted, Math.min(5, share - done));
    done += ended;
    rounds += 1;
    if (failed) failures += 1;
  }
  console.log(`${each.name}: ended ${done} times in ${rounds} runs of ${(uninterrupted.ms / 1000).toFixed(1)} s`);
}
console.log(failures === 0 ? "every run came to the same bytes" : `${failures} runs did not come to the same bytes`);
process.exitCode = failures === 0 ? 0 : 1;
