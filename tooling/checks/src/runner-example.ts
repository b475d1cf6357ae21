import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool, type ToolRun } from "./run-tool.ts";
import { repository } from "./workspace.ts";

/** What happens, in a workspace made up for a test, when `tooling/run.mjs` calls npm. */
export interface RunnerExample {
  readonly tasks: readonly string[];
  /** By package: the counts its tests leave behind, or `null` if it never gets to its tests. */
  readonly packages: Readonly<Record<string, object | null>>;
  /** The exit status of the installation; 0 unless said. */
  readonly installStatus?: number;
  /** The exit status of the tasks; 0 unless said. */
  readonly taskStatus?: number;
}

/** A run of `tooling/run.mjs`, and the calls it made. */
export interface RunnerRun extends ToolRun {
  /** The last line it printed. */
  readonly closingLine: string;
  /** The arguments of each call of npm, joined with spaces. */
  readonly calls: readonly string[];
}

/** Stands in for npm: writes down how it was called and, for tasks, leaves the counts of the example. */
const standIn = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
const example = JSON.parse(readFileSync("example.json", "utf8"));
const call = process.argv.slice(2).join(" ");
appendFileSync("calls", call + "\\n");
if (call.includes(" install ")) process.exit(example.installStatus ?? 0);
for (const [name, counts] of Object.entries(example.packages)) {
  if (counts === null) continue;
  mkdirSync("packages/" + name + "/.reports", { recursive: true });
  writeFileSync("packages/" + name + "/.reports/counts.json", JSON.stringify(counts));
}
process.exit(example.taskStatus ?? 0);
`;

/** Runs the repository's `tooling/run.mjs` in a made-up workspace, with a stand-in for npm. */
export async function runRunner(example: RunnerExample): Promise<RunnerRun> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-runner-"));
  try {
    for (const path of ["tooling", "apps", "packages"]) mkdirSync(join(folder, path));
    for (const path of ["tooling/run.mjs", "package.json"]) copyFileSync(join(repository, path), join(folder, path));
    for (const name of Object.keys(example.packages)) {
      mkdirSync(join(folder, "packages", name, ".reports"), { recursive: true });
      writeFileSync(join(folder, "packages", name, "package.json"), JSON.stringify({ scripts: { test: "vitest" } }));
      // What an earlier run has left must never be counted.
      writeFileSync(join(folder, "packages", name, ".reports", "counts.json"), '{"passed":1000,"failed":0}');
    }
    writeFileSync(join(folder, "example.json"), JSON.stringify(example));
    writeFileSync(join(folder, "npm-cli.js"), standIn);
    const environment = { ...process.env, npm_execpath: join(folder, "npm-cli.js") };
    const run = await runTool("node", ["tooling/run.mjs", ...example.tasks], { folder, environment });
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    return { ...run, calls, closingLine: run.stdout.trimEnd().split("\n").at(-1) ?? "" };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
