/** The worker thread: runs one command line and posts its exit status. */
import { parentPort, workerData } from "node:worker_threads";
import type { Host, Output } from "../cli/host.ts";
import { runMillrace } from "../cli/run.ts";
import { writeFully } from "../files/descriptor.ts";
import { unwritable } from "../files/write.ts";

/** What the main thread tells the worker about the process. */
export interface WorkerSettings {
  /** The words after the program's name. */
  readonly inputs: readonly string[];
  /** Shared with the main thread: element 0 is 1 once the user asked to stop. */
  readonly stop: Int32Array;
  readonly terminals: { readonly stdout: boolean; readonly stderr: boolean };
  readonly columns: number;
}

if (parentPort !== null) {
  const settings = workerData as WorkerSettings;
  const status = await runMillrace(settings.inputs, hostOf(settings));
  parentPort.postMessage(status);
}

function hostOf(settings: WorkerSettings): Host {
  return {
    stdout: outputOf(1, settings.terminals.stdout, settings.columns),
    stderr: outputOf(2, settings.terminals.stderr, settings.columns),
    environment: process.env,
    folder: process.cwd(),
    now: () => performance.now(),
    stopRequested: () => Atomics.load(settings.stop, 0) === 1,
  };
}

// Once nobody reads an output any more (`millrace … | head`), what is left for it is dropped without a word; so is what
// standard error does not take, as there is nobody else to tell.
function outputOf(descriptor: number, terminal: boolean, columns: number): Output {
  let open = true;
  return {
    terminal,
    columns,
    write(text) {
      if (!open) return;
      try {
        writeFully(descriptor, text);
      } catch (error) {
        const unread = (error as NodeJS.ErrnoException).code === "EPIPE";
        if (!unread && descriptor === 1) throw unwritable("standard output", error);
        open = false;
      }
    },
  };
}
