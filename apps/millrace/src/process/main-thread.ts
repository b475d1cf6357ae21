/**
 * The main thread: it listens to signals, and a worker thread does the work.
 *
 * A simulation is one long synchronous computation, in which a thread hears no signal. So ^C, or a request to
 * terminate, raises a flag that the worker sees at its next step; if the worker does not end by itself soon, or at a
 * second signal, it is stopped where it is. Either way the process ends with status 130, and files that were complete stay.
 */
import { isatty } from "node:tty";
import { Worker } from "node:worker_threads";
import { writeFully } from "../files/descriptor.ts";
import type { WorkerSettings } from "./worker-thread.ts";

const STOP_WITHIN_MILLISECONDS = 1000;

/** Runs the command line of this process and sets its exit status. */
export function main(): void {
  if (!inFolder()) {
    writeFully(2, "error: the current folder is not there any more\n  help: change to one that is\n");
    process.exitCode = 2;
    return;
  }
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const settings: WorkerSettings = {
    inputs: process.argv.slice(2),
    stop,
    terminals: { stdout: isatty(1), stderr: isatty(2) },
    columns: isatty(2) ? process.stderr.columns : 80,
  };
  const worker = new Worker(new URL("worker-thread.js", import.meta.url), { workerData: settings });
  let stopping = false;
  const interrupt = () => {
    if (stopping) process.exit(130);
    stopping = true;
    Atomics.store(stop, 0, 1);
    setTimeout(() => process.exit(130), STOP_WITHIN_MILLISECONDS).unref();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  worker.on("message", (status: number) => {
    process.exitCode = status;
  });
  worker.on("error", async (error) => {
    process.exitCode = 1;
    // This thread has nothing else to print, so it does not load what prints.
    const { internalFault, renderFaults } = await import("../cli/fault.ts");
    writeFully(2, renderFaults([internalFault(error)], false));
  });
}

/** Whether this process is in a folder: it may have been removed meanwhile, and then names of files mean nothing. */
function inFolder(): boolean {
  try {
    return process.cwd() !== "";
  } catch {
    return false;
  }
}
