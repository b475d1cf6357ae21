// What `npm start` and `npm test` run: installs with the pinned pnpm, runs turbo tasks, adds up the test counts.
// Plain Node, no dependency: it is what a fresh clone starts from.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const tasks = process.argv.slice(2);

// pnpm runs through npm itself, so the pin above is the only place its version stands, and turbo finds pnpm on PATH.
function pnpm(...args) {
  const npmCli = process.env.npm_execpath;
  const exec = ["exec", "--yes", "--prefer-offline", "--", packageManager, ...args];
  const [command, argv] = npmCli ? [process.execPath, [npmCli, ...exec]] : ["npm", exec];
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
  const { status } = spawnSync(command, argv, { cwd: root, stdio: "inherit", env, shell: !npmCli && process.platform === "win32" });
  return status ?? 1;
}

function reportFolders() {
  return ["packages", "apps", "tooling"]
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name, ".reports")))
    .filter((folder) => existsSync(folder));
}

function addUpCounts() {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const folder of reportFolders()) {
    const counts = JSON.parse(readFileSync(join(folder, "counts.json"), "utf8"));
    for (const state of Object.keys(sum)) sum[state] += counts[state];
  }
  return sum;
}

const testing = tasks.includes("test");
if (testing) for (const folder of reportFolders()) rmSync(folder, { recursive: true });

const install = pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only");
if (install !== 0) process.exit(install);
const quiet = testing ? ["--output-logs=new-only"] : ["--output-logs=errors-only"];
const status = pnpm("exec", "turbo", "run", ...tasks, ...quiet, "--continue=dependencies-successful");
if (testing) {
  const { passed, failed, skipped } = addUpCounts();
  // A build or type error stops a package before any test of it ran: that is a failure too.
  const failures = failed === 0 && status !== 0 ? 1 : failed;
  console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
}
process.exit(status);
