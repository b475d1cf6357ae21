/** Asks a worker, the latest request first: what was asked before and is not begun is dropped. */
import type { PlaygroundAnswer } from "./answer.ts";
import type { PlaygroundRequest } from "./request.ts";

/** As much of a worker as is needed. */
export interface AnsweringWorker {
  postMessage(request: PlaygroundRequest): void;
  terminate(): void;
  onmessage: ((event: { readonly data: PlaygroundAnswer }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
}

/** What an {@link Asker} is made of. */
export interface AskerOptions {
  make(): AnsweringWorker;
  /** Calls back after so many milliseconds; gives what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  answered(request: PlaygroundRequest, answer: PlaygroundAnswer): void;
  failed(request: PlaygroundRequest, reason: string): void;
}

/** A worker that is at one request for longer gives way to the next one. */
const patienceMilliseconds = 700;
/** No request is worked on for longer. */
const limitMilliseconds = 30_000;

/** One worker at a time. */
export class Asker {
  readonly #options: AskerOptions;
  #worker: AnsweringWorker | undefined;
  #current: PlaygroundRequest | undefined;
  #next: PlaygroundRequest | undefined;
  #isLate = false;
  #cancel: (() => void)[] = [];

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /** Asks; any request that waits is forgotten, and one that takes long is given up. */
  ask(request: PlaygroundRequest): void {
    this.#next = request;
    if (this.#current === undefined) this.#begin();
    else if (this.#isLate) this.#giveUp();
  }

  /** Ends the worker. */
  close(): void {
    this.#settle();
    this.#next = undefined;
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #begin(): void {
    const request = this.#next;
    if (request === undefined) return;
    this.#next = undefined;
    this.#current = request;
    const worker = this.#worker ?? this.#options.make();
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      this.#settle();
      this.#options.answered(request, data);
      this.#begin();
    };
    worker.onerror = ({ message = "it cannot be started here" }) => this.#fail(`the worker failed: ${message}`);
    const { after } = this.#options;
    this.#cancel = [
      after(patienceMilliseconds, () => {
        this.#isLate = true;
        if (this.#next !== undefined) this.#giveUp();
      }),
      after(limitMilliseconds, () => this.#fail(`no answer within ${limitMilliseconds / 1000} s`)),
    ];
    worker.postMessage(request);
  }

  #fail(reason: string): void {
    const request = this.#current;
    this.#giveUp();
    if (request !== undefined) this.#options.failed(request, reason);
  }

  #giveUp(): void {
    this.#settle();
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#begin();
  }

  #settle(): void {
    for (const cancel of this.#cancel) cancel();
    this.#cancel = [];
    this.#isLate = false;
    this.#current = undefined;
  }
}
