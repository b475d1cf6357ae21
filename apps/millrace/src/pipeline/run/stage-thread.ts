/** A thread that runs one stage, so that stages which do not wait for each other run side by side. */
import { parentPort, Worker, workerData } from "node:worker_threads";
import type { Fault } from "../../cli/fault.ts";
import type { StageResult } from "../stage-result.ts";
import { attemptStage, type StageTask, type StageWatch } from "./run-stage.ts";

interface ThreadWork {
  readonly stage: StageTask;
  /** Element 0 is 1 once the user asked to stop. */
  readonly stop: Int32Array;
}

type ThreadMessage =
  | { readonly kind: "began"; readonly task: string }
  | { readonly kind: "reached"; readonly done: number; readonly total: number; readonly unit: string }
  | { readonly kind: "ended"; readonly outcome: StageResult | { readonly fault: Fault } };

const LOOK_MILLISECONDS = 50;

/** Runs a stage in a thread of its own. */
export async function attemptInThread(
  stage: StageTask,
  watch: StageWatch,
): Promise<StageResult | { readonly fault: Fault }> {
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const work: ThreadWork = { stage, stop };
  const worker = new Worker(new URL("stage-thread.js", import.meta.url), { workerData: work });
  const looking = setInterval(() => Atomics.store(stop, 0, watch.stopRequested() ? 1 : 0), LOOK_MILLISECONDS);
  try {
    return await new Promise((resolve, reject) => {
      worker
        .on("error", reject)
        .on("exit", (status) => reject(new Error(`the thread of ${stage.name} ended with status ${status}`)));
      worker.on("message", (message: ThreadMessage) => {
        if (message.kind === "began") watch.begin(message.task);
        else if (message.kind === "reached") watch.report(message.done, message.total, message.unit);
        else resolve(message.outcome);
      });
    });
  } finally {
    clearInterval(looking);
    await worker.terminate();
  }
}

/** Whether this thread was started to run a stage: the module is also loaded by the thread of a command. */
function isWork(value: unknown): value is ThreadWork {
  return typeof value === "object" && value !== null && "stage" in value && "stop" in value;
}

if (parentPort !== null && isWork(workerData)) {
  const port = parentPort;
  const { stage, stop } = workerData;
  const say = (message: ThreadMessage): void => port.postMessage(message);
  const outcome = await attemptStage(stage, {
    now: () => performance.now(),
    stopRequested: () => Atomics.load(stop, 0) === 1,
    begin: (task) => say({ kind: "began", task }),
    report: (done, total, unit) => say({ kind: "reached", done, total, unit }),
  });
  say({ kind: "ended", outcome });
}
