// A node that asks a memory for one request after the other.
import { type MemoryPort, Node, type Progress } from "../../../src/index.ts";

export interface Requester {
  /** Cycles before the first request. */
  readonly start: number;
  /** Cycles between an answer and the next request. */
  readonly gap: number;
  readonly burstsPerCycle: number;
  /** Byte address and bursts, above 0 for reads, below for writes. */
  readonly requests: readonly { readonly address: number; readonly bursts: number }[];
}

/** Asks for the next request when the answer to the last one is in. */
export class RequesterNode extends Node {
  readonly answers: number[] = [];
  readonly #port: MemoryPort;
  readonly #requester: Requester;
  #asked = 0;

  constructor(id: string, port: MemoryPort, requester: Requester) {
    super(id, [port.response], [port.request]);
    this.#port = port;
    this.#requester = requester;
    this.clock = requester.start;
  }

  fire(): Progress {
    const { request, response } = this.#port;
    const { requests, gap } = this.#requester;
    for (;;) {
      if (this.#asked > this.answers.length) {
        if (!response.readable) return this.waitFor(response);
        this.clock = response.peek(this.clock);
        response.release(this.clock);
        this.answers.push(this.clock);
        this.clock += gap;
      }
      const next = requests[this.#asked];
      if (next === undefined) return this.finish();
      if (!request.writable) return this.waitFor(request);
      this.clock = request.reserve(this.clock);
      request.put(this.clock, next.address, next.bursts);
      this.#asked += 1;
    }
  }
}
