import type { Host } from "../../src/cli/host.ts";
import { runMillrace } from "../../src/cli/run.ts";

/** What a command line printed and ended with. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of a recorded run; off a terminal, in the current folder, with nothing in the environment unless given. */
export interface RunSettings {
  readonly terminal?: boolean;
  readonly environment?: Record<string, string>;
  readonly folder?: string;
  readonly stopRequested?: () => boolean;
}

/** Runs a command line in this process and records what it prints. */
export async function millrace(inputs: readonly string[], settings: RunSettings = {}): Promise<Run> {
  const recorder = recordingHost(settings);
  const status = await runMillrace(inputs, recorder.host);
  return { status, stdout: recorder.stdout(), stderr: recorder.stderr() };
}

/** A host that keeps what is written; its clock moves one second each time it is read. */
export function recordingHost(settings: RunSettings = {}): { host: Host; stdout(): string; stderr(): string } {
  const { terminal = false, environment = {}, folder = process.cwd(), stopRequested = () => false } = settings;
  const written = { stdout: [] as string[], stderr: [] as string[] };
  let clock = 0;
  const output = (name: "stdout" | "stderr") => ({
    terminal,
    columns: 80,
    write: (text: string) => void written[name].push(text),
  });
  const now = (): number => {
    clock += 1000;
    return clock;
  };
  const host: Host = { stdout: output("stdout"), stderr: output("stderr"), environment, folder, now, stopRequested };
  return { host, stdout: () => written.stdout.join(""), stderr: () => written.stderr.join("") };
}
