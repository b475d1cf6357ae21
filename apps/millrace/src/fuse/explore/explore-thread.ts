/** A thread that explores: takes points, posts what they came to. */
import { parentPort, workerData } from "node:worker_threads";
import { type Configuration, type ExplorationSubject, type Explored, Explorer } from "@millrace/fuseflow-sparse";
import { type MemoryName, machineMemory } from "../../inputs/machine-memory.ts";

/** What a thread is started with. */
export interface ExplorationWork {
  readonly subject: ExplorationSubject;
  readonly memory: MemoryName;
  /** Files of memories are named from here. */
  readonly folder: string;
}

/** What a thread answers; null for a point that there is not. */
export type ExplorationAnswer = { readonly explored: Explored | null } | { readonly fault: string };

/** Explores in this thread. */
export function explorerFor({ subject, memory, folder }: ExplorationWork): Explorer {
  return new Explorer(subject, { memory: machineMemory(folder, memory) });
}

if (parentPort !== null && isWork(workerData)) {
  const port = parentPort;
  const explorer = explorerFor(workerData);
  port.on("message", (configuration: Configuration) => {
    let answer: ExplorationAnswer;
    try {
      answer = { explored: explorer.explore(configuration) };
    } catch (error) {
      answer = { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    port.postMessage(answer);
  });
}

/** Whether this thread was started to explore: the module is also loaded by the thread of a command. */
function isWork(value: unknown): value is ExplorationWork {
  return typeof value === "object" && value !== null && "subject" in value && "memory" in value;
}
