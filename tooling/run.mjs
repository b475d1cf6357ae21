// What `npm start` and `npm test` run: installs with the pinned pnpm, runs turbo tasks, adds up the test counts.
// `node tooling/run.mjs bench` runs every package's benchmarks, one after the other.
// Plain Node, no dependency: it is what a fresh clone starts from.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { engines, packageManager } = readJson(join(root, "package.json"));
const tasks = process.argv.slice(2);
const testing = tasks.includes("test");
const checking = testing || tasks.includes("api") || tasks.includes("reference");
const measuring = tasks.includes("bench");

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

function oldNode() {
  const floor = engines.node.replace(">=", "").split(".").map(Number);
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major < floor[0] || (major === floor[0] && minor < floor[1]);
}

// pnpm runs through npm itself, so the pin above is the only place its version stands, and turbo finds pnpm on PATH.
function pnpm(...args) {
  const npmCli = /npm-cli\.js$/.test(process.env.npm_execpath ?? "") ? process.env.npm_execpath : undefined;
  const exec = ["exec", "--yes", "--prefer-offline", "--", packageManager, ...args];
  const [command, argv] = npmCli ? [process.execPath, [npmCli, ...exec]] : ["npm", exec];
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
  const shell = !npmCli && process.platform === "win32";
  const { status, error } = spawnSync(command, argv, { cwd: root, stdio: "inherit", env, shell });
  if (error) console.error(`cannot run ${command}: ${error.message}`);
  return status ?? 1;
}

function install() {
  const options = ["--frozen-lockfile", "--prefer-offline", "--config.confirm-modules-purge=false"];
  // The checkers weigh as much as everything else together: only those who run them wait for them.
  const selection = checking ? [] : ["--filter=!@millrace/checks"];
  return pnpm("install", ...options, "--reporter=append-only", ...selection);
}

function runTasks() {
  const logs = measuring ? "full" : testing ? "new-only" : "errors-only";
  // Benchmarks side by side would measure each other.
  const alone = measuring ? ["--concurrency=1"] : [];
  const options = [`--output-logs=${logs}`, "--continue=dependencies-successful", ...alone];
  return pnpm("exec", "turbo", "run", ...tasks, ...options);
}

function testedFolders() {
  return ["packages", "apps", "tooling"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .filter((folder) => readJson(join(folder, "package.json")).scripts?.test !== undefined);
}

// A package that a build or type error kept from its tests has left no counts: it counts as one failure.
function addUpCounts() {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const folder of testedFolders()) {
    const path = join(folder, ".reports", "counts.json");
    const counts = existsSync(path) ? readJson(path) : { failed: 1 };
    for (const state of Object.keys(sum)) sum[state] += counts[state] ?? 0;
  }
  return sum;
}

function run() {
  if (oldNode()) {
    console.error(`Millrace needs Node ${engines.node}; this is ${process.versions.node}`);
    return 1;
  }
  if (testing) for (const folder of testedFolders()) rmSync(join(folder, ".reports"), { recursive: true, force: true });
  return install() || runTasks();
}

let status = run();
if (testing) {
  const sum = addUpCounts();
  if (status === 0 && sum.failed > 0) status = 1;
  if (status !== 0 && sum.failed === 0) sum.failed = 1;
  console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ""}`);
}
process.exitCode = status;
