// Runs suites many times and names the tests that did not end the same way each time.
// `node tooling/flakes.mjs [TIMES [SUITE...]]` after `npm test`: 20 times the suites with processes, timers and threads, unless
// told otherwise. A suite is a folder or file of tests: packages/sweep/test, apps/millrace/test/process.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [times = "20", ...given] = process.argv.slice(2);
const suites =
  given.length > 0
    ? given
    : [
        "packages/sweep/test",
        "packages/loop-ir/test/threads",
        "packages/aspl-agent/test/llm",
        "packages/ember-dae/test/table",
        "apps/millrace/test/process",
        "apps/millrace/test/sweep",
        "apps/millrace/test/commands/agent",
        "apps/millrace/test/commands/tour.test.ts",
      ];

if (!/^[1-9]\d*$/.test(times))
  throw new Error(`${times} is no number of times: node tooling/flakes.mjs [TIMES [SUITE...]]`);

/** The package that a suite belongs to: the nearest folder around it with a package.json. */
function packageOf(suite) {
  let folder = join(root, suite);
  while (folder !== root && !existsSync(join(folder, "package.json"))) folder = dirname(folder);
  if (folder === root) throw new Error(`${suite} is not below a package`);
  return folder;
}

/** How each test of a suite ended, by its name, and why it failed. */
function run(suite) {
  if (!existsSync(join(root, suite))) throw new Error(`there is no suite ${suite}`);
  const folder = packageOf(suite);
  const results = mkdtempSync(join(tmpdir(), "flakes-"));
  const file = join(results, "results.json");
  const vitest = join(folder, "node_modules/vitest/vitest.mjs");
  const words = [vitest, "run", relative(folder, join(root, suite)), "--reporter=json", `--outputFile=${file}`];
  const { stderr, error } = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (error) throw error;
  if (!existsSync(file)) throw new Error(`${suite} gave no results: ${stderr}`);
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  rmSync(results, { recursive: true });
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const where = relative(root, name);
    // A file that fails as a whole has no tests to say so.
    const whole = assertionResults.length === 0 ? [{ fullName: "(the file)", status, failureMessages: [message] }] : [];
    return [...assertionResults, ...whole].map(({ fullName, status, failureMessages = [] }) => ({
      test: `${where}: ${fullName}`,
      status,
      why: failureMessages.join("\n").slice(0, 800),
    }));
  });
}

let [differing, failing] = [0, 0];
for (const suite of suites) {
  const ends = new Map();
  for (let time = 0; time < Number(times); time++) {
    for (const { test, status, why } of run(suite)) {
      const seen = ends.get(test) ?? { counts: {}, whys: new Set() };
      seen.counts[status] = (seen.counts[status] ?? 0) + 1;
      if (status === "failed") seen.whys.add(why);
      ends.set(test, seen);
    }
  }
  const flaky = [...ends].filter(([, { counts }]) => Object.values(counts)[0] !== Number(times));
  const failed = [...ends].filter(([, { counts }]) => counts.failed === Number(times));
  for (const [test, { counts, whys }] of [...flaky, ...failed]) {
    console.error(`${test}\n  ${JSON.stringify(counts)}\n  ${[...whys].join("\n").replaceAll("\n", "\n  ")}`);
  }
  differing += flaky.length;
  failing += failed.length;
  console.log(`${suite}: ${ends.size} tests, ${times} times: ${flaky.length} differ, ${failed.length} always fail`);
}
console.log(`${differing} tests differ, ${failing} always fail`);
process.exitCode = differing + failing === 0 ? 0 : 1;
