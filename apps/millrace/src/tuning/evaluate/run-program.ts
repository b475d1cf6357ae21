/** Runs one program to its end: bounded in time and in what it may print, its whole process group stopped if need be. */
import { type ChildProcess, spawn } from "node:child_process";

/** A program, and its surroundings. */
export interface ProgramCall {
  readonly words: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What it reads from standard input. */
  readonly input: string;
  /** Milliseconds; undefined: as long as it takes. */
  readonly timeout: number | undefined;
}

/** How a program ended, and the end of what it printed. */
export interface ProgramRun {
  readonly end: "exit" | "timeout" | "stopped" | "not-started";
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly complaint: string;
}

/** Only the end of an output is kept: results stand on the last line. */
const KEPT_CHARACTERS = 1 << 16;
/** From asking a program to end to ending it. */
const GRACE_MILLISECONDS = 500;

/** Runs a program; never rejects. */
export function runProgram(call: ProgramCall, stop: AbortSignal): Promise<ProgramRun> {
  return new Promise((resolve) => {
    const [program = "", ...words] = call.words;
    let end: ProgramRun["end"] = "exit";
    const output = new Tail();
    const complaint = new Tail();
    let child: ChildProcess;
    const failed = (error: Error) =>
      resolve({ end: "not-started", status: null, signal: null, output: "", complaint: error.message });
    try {
      child = spawn(program, words, { cwd: call.folder, env: call.environment, detached: true, stdio: "pipe" });
    } catch (error) {
      failed(error as Error);
      return;
    }
    let killing: NodeJS.Timeout | undefined;
    const finish = (reason: ProgramRun["end"]) => {
      if (killing !== undefined) return;
      end = reason;
      signalGroup(child, "SIGTERM");
      killing = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MILLISECONDS);
    };
    const timer = call.timeout === undefined ? undefined : setTimeout(() => finish("timeout"), call.timeout);
    const stopped = () => finish("stopped");
    if (stop.aborted) stopped();
    stop.addEventListener("abort", stopped);
    const settle = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", stopped);
    };
    child.on("error", (error) => {
      settle();
      clearTimeout(killing);
      failed(error);
    });
    child.stdout!.setEncoding("utf8").on("data", (text: string) => output.push(text));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => complaint.push(text));
    // A program that does not read its input is no fault.
    child.stdin!.on("error", () => {});
    child.stdin!.end(call.input);
    // A grandchild may keep the pipes open after the program has ended; what it does later is not waited for.
    child.on("exit", (status, signal) => {
      settle();
      const close = () => {
        clearTimeout(lingering);
        if (killing !== undefined) signalGroup(child, "SIGKILL");
        clearTimeout(killing);
        child.stdout!.destroy();
        child.stderr!.destroy();
        resolve({ end, status, signal, output: output.text, complaint: complaint.text });
      };
      const lingering = setTimeout(close, GRACE_MILLISECONDS);
      child.once("close", close);
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/** The end of a text that comes in pieces. */
class Tail {
  #text = "";

  get text(): string {
    return this.#text.slice(-KEPT_CHARACTERS);
  }

  push(piece: string): void {
    this.#text += piece;
    if (this.#text.length > 4 * KEPT_CHARACTERS) this.#text = this.#text.slice(-KEPT_CHARACTERS);
  }
}
