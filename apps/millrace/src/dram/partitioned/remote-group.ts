/** A group of channels on a thread of its own: the near end. */
import { Worker } from "node:worker_threads";
import type { EndedChannel, FedChannel } from "./channel-group.ts";
import type { ChannelThreadMessage, ChannelThreadTask } from "./channel-thread.ts";
import { errorOf } from "./ported-fault.ts";

/** What became of the channels of a thread: those that took all their requests, or the first that could not. */
export interface ThreadFed {
  readonly fed: readonly FedChannel[];
  readonly fault?: { readonly channel: number; readonly error: Error };
}

/** A group of channels on a thread. */
export class RemoteGroup {
  /** Requests that its channels have taken so far. */
  requests = 0;
  /** Resolved once its channels are fed; rejected if the thread itself fails. */
  readonly fed: Promise<ThreadFed>;
  readonly #worker: Worker;
  readonly #ended: Promise<readonly EndedChannel[]>;

  constructor(task: ChannelThreadTask) {
    this.#worker = new Worker(new URL("channel-thread.js", import.meta.url), { workerData: task });
    let endWith: (ended: readonly EndedChannel[]) => void = () => {};
    let failWith: (error: Error) => void = () => {};
    this.#ended = new Promise((resolve, reject) => {
      endWith = resolve;
      failWith = reject;
    });
    // Whoever waits for it hears of it; nobody may wait yet.
    this.#ended.catch(() => {});
    this.fed = new Promise((resolve, reject) => {
      this.#worker.on("error", (error) => {
        reject(error);
        failWith(error);
      });
      this.#worker.on("message", (message: ChannelThreadMessage) => {
        if (message.kind === "taken") this.requests = message.requests;
        else if (message.kind === "fed") resolve({ fed: message.fed });
        else if (message.kind === "ended") endWith(message.ended);
        else resolve({ fed: [], fault: { channel: message.channel, error: errorOf(message.fault) } });
      });
    });
  }

  /** Runs its channels up to and including tick `cycles`. */
  end(cycles: number): Promise<readonly EndedChannel[]> {
    this.#worker.postMessage(cycles);
    return this.#ended;
  }

  /** Ends the thread, wherever it is. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
