import { spawn } from "node:child_process";
import { repository } from "./workspace.ts";

/** How a tool ended, and all it printed. */
export interface ToolRun {
  /** The exit status; -1 when a signal ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what surroundings a tool runs; the repository and this process's own unless said. */
export interface ToolOptions {
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs a command found on PATH (there the package manager puts this package's own tools) and waits for its end. */
export function runTool(command: string, parameters: readonly string[], options: ToolOptions = {}): Promise<ToolRun> {
  const { folder = repository, environment = process.env } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      cwd: folder,
      env: { ...environment, NO_COLOR: "1", FORCE_COLOR: "0", TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? -1, stdout, stderr }));
  });
}

/** Like `runTool`, but a status other than 0 is an error that shows what the tool printed. */
export async function mustRun(
  command: string,
  parameters: readonly string[],
  options: ToolOptions = {},
): Promise<ToolRun> {
  const run = await runTool(command, parameters, options);
  if (run.status === 0) return run;
  throw new Error(`${command} ${parameters.join(" ")} ended with ${run.status}:\n${run.stdout}${run.stderr}`);
}
