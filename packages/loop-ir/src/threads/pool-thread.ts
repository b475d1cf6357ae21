import { LoopError } from "../errors.ts";
import type { ThreadHost, WorkerThread } from "../host/host.ts";
import type { SharedRun } from "../kernel/shared-run.ts";
import { type Mail, word } from "./control.ts";
import { workerMain } from "./worker.ts";

/** Bindings that a thread keeps; the one that was used longest ago makes room. */
const mostBindings = 64;

/** Milliseconds that a thread has to start: while its owner sleeps, it cannot hear that the thread has died. */
const startMilliseconds = 10_000;

/** What a thread is asked to run. */
export interface ThreadRun {
  readonly run: SharedRun;
  readonly to: number;
  readonly units: number;
  readonly worker: number;
  readonly answer: boolean;
}

/** One thread of a pool, as the pool sees it. */
export class PoolThread {
  readonly #thread: WorkerThread;
  readonly #control: Int32Array = new Int32Array(new SharedArrayBuffer(4 * word.count));
  /** Bindings that the thread has, by the time of their last use. */
  readonly #known = new Map<SharedRun, number>();
  #nextBinding = 1;
  #failure: Error | undefined;

  /** `answered` is called when a run that asked for an answer is done, or when the thread has died. */
  constructor(host: ThreadHost, answered: () => void) {
    this.#thread = host.spawn(`(${workerMain.toString()})(port);`);
    this.#thread.onMessage(answered);
    this.#thread.onError((error) => {
      this.#failure = error;
      answered();
    });
    this.#mail({ kind: "start", control: this.#control, words: word });
  }

  /** Whether the run that was asked for last is done. */
  get idle(): boolean {
    return Atomics.load(this.#control, word.done) === Atomics.load(this.#control, word.runs);
  }

  /** Why the thread has died; undefined while it lives. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Asks for a run; the thread must be idle. */
  start({ run, to, units, worker, answer }: ThreadRun): void {
    const control = this.#control;
    control[word.binding] = this.#bindingOf(run);
    control[word.to] = to;
    control[word.units] = units;
    control[word.worker] = worker;
    control[word.answer] = answer ? 1 : 0;
    Atomics.add(control, word.runs, 1);
    this.#wake();
  }

  /** Sleeps until the thread is idle. */
  wait(): void {
    const runs = Atomics.load(this.#control, word.runs);
    for (;;) {
      const done = Atomics.load(this.#control, word.done);
      if (done === runs) return;
      const outcome = Atomics.wait(this.#control, word.done, done, startMilliseconds);
      if (outcome === "timed-out" && Atomics.load(this.#control, word.started) === 0) {
        this.#failure = new Error(`it did not start within ${startMilliseconds} ms`);
        return;
      }
    }
  }

  /** What the last run returned: 0, the number of a reason, or -1 after a trap, of which `trap` tells. */
  get reason(): number {
    return this.#control[word.reason]!;
  }

  /** What a trap said. */
  get trap(): string {
    const length = this.#control[word.textLength]!;
    return String.fromCharCode(...this.#control.subarray(word.text, word.text + length));
  }

  keepAlive(alive: boolean): void {
    this.#thread.keepAlive(alive);
  }

  terminate(): void {
    this.#thread.terminate();
  }

  #bindingOf(run: SharedRun): number {
    const known = this.#known.get(run);
    const id = known ?? this.#nextBinding++;
    this.#known.delete(run);
    this.#known.set(run, id);
    if (known !== undefined) return id;
    this.#mail({ kind: "bind", id, binding: run.message });
    if (this.#known.size > mostBindings) {
      const [oldest, oldestId] = this.#known.entries().next().value!;
      this.#known.delete(oldest);
      this.#mail({ kind: "drop", id: oldestId });
    }
    return id;
  }

  #mail(mail: Mail): void {
    try {
      this.#thread.send(mail);
    } catch (cause) {
      throw new LoopError("worker", "a kernel cannot be sent to another thread", { cause });
    }
    Atomics.add(this.#control, word.mails, 1);
    this.#wake();
  }

  #wake(): void {
    Atomics.add(this.#control, word.wake, 1);
    Atomics.notify(this.#control, word.wake);
  }
}
