/** Explores points, several at a time in threads of their own. */
import { Worker } from "node:worker_threads";
import type { Configuration, Explored } from "@millrace/fuseflow-sparse";
import type { Host } from "../../cli/host.ts";
import { type ExplorationAnswer, type ExplorationWork, explorerFor } from "./explore-thread.ts";

/** How points are explored. */
export interface ExploreOptions {
  /** Points at the same time; with 1 they run in this thread. */
  readonly jobs: number;
  readonly host: Pick<Host, "stopRequested">;
  /** Told of every result as it comes, in no order. */
  readonly onResult: (explored: Explored | null) => void;
}

const LOOK_MILLISECONDS = 50;

/** Explores `points`; false if the user stopped it. What was running then is lost, what came before was told. */
export async function explorePoints(
  points: readonly Configuration[],
  work: ExplorationWork,
  { jobs, host, onResult }: ExploreOptions,
): Promise<boolean> {
  if (points.length === 0) return true;
  if (jobs === 1) {
    const explorer = explorerFor(work);
    for (const point of points) {
      if (host.stopRequested()) return false;
      onResult(explorer.explore(point));
    }
    return true;
  }
  const queue = [...points];
  const workers = Array.from({ length: Math.min(jobs, points.length) }, () => start(work));
  const stop = new AbortController();
  const looking = setInterval(() => {
    if (host.stopRequested()) stop.abort();
  }, LOOK_MILLISECONDS);
  try {
    await Promise.all(workers.map((worker) => drain(worker, queue, { onResult, stop: stop.signal })));
  } finally {
    clearInterval(looking);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return !stop.signal.aborted;
}

function start(work: ExplorationWork): Worker {
  return new Worker(new URL("explore-thread.js", import.meta.url), { workerData: work });
}

/** Takes points off the queue until it is empty. */
async function drain(
  worker: Worker,
  queue: Configuration[],
  { onResult, stop }: { readonly onResult: ExploreOptions["onResult"]; readonly stop: AbortSignal },
): Promise<void> {
  for (let point = queue.shift(); point !== undefined && !stop.aborted; point = queue.shift()) {
    const answer = await ask(worker, point, stop);
    if (answer === null) return;
    if ("fault" in answer) throw new Error(answer.fault);
    onResult(answer.explored);
  }
}

/** One point; null once the user asked to stop. */
function ask(worker: Worker, point: Configuration, stop: AbortSignal): Promise<ExplorationAnswer | null> {
  return new Promise((resolve, reject) => {
    const ended = (status: number): void => reject(new Error(`a thread ended with status ${status}`));
    const settle = (answer: ExplorationAnswer | null): void => {
      stop.removeEventListener("abort", stopped);
      worker.off("error", reject).off("exit", ended).off("message", settle);
      resolve(answer);
    };
    const stopped = (): void => settle(null);
    stop.addEventListener("abort", stopped);
    worker.on("message", settle).on("error", reject).on("exit", ended);
    worker.postMessage(point);
  });
}
