/**
 * What the nodes of all memory models share: watching the ports for requests, answering them, counting.
 */
import { EventHeap } from "../engine/event-heap.ts";
import type { Progress } from "../engine/node.ts";
import { OrderedNode } from "../engine/ordered-node.ts";
import { SimError } from "../errors.ts";
import type { MemoryModel, MemoryPort } from "./memory.ts";
import type { MemoryObserver } from "./memory-observer.ts";
import type { MemoryReport } from "./memory-report.ts";

/** What a request token held. */
export interface AskedRequest {
  payload: number;
  tag: number;
  /** When it could be read. */
  arrival: number;
}

/** A time-ordered node at the far end of memory ports. It bounds its own look-ahead: see `respond` and `accept`. */
export abstract class MemoryNode extends OrderedNode {
  protected readonly ports: readonly MemoryPort[];
  /** Per port, the earliest cycle in which its oldest request can be taken up; `Infinity` while none is known or one is served. */
  protected readonly arrivals: EventHeap;
  /** Latest time at which a response is readable. */
  protected lastResponse = 0;
  /** Up to this time no consequence of this activation can come back to a port. */
  protected horizon = 0;
  readonly #model: MemoryModel;
  // Per port: 1 while its next request is unknown, 0 otherwise, with the earliest cycle for it.
  readonly #idle: Uint8Array;
  readonly #from: Float64Array;
  // Per port, parallel to `ports`.
  readonly #answered: Float64Array;
  readonly #requests: Float64Array;
  readonly #bursts: Float64Array;
  readonly #latency: Float64Array;
  readonly #queued: Float64Array;
  // Filled anew for each answer.
  readonly #asked: AskedRequest = { payload: 0, tag: 0, arrival: 0 };
  #open: number;
  #observer: MemoryObserver | null = null;

  constructor(id: string, model: MemoryModel, ports: readonly MemoryPort[]) {
    super(
      id,
      ports.map((port) => port.request),
      ports.map((port) => port.response),
      Number.POSITIVE_INFINITY,
    );
    this.ports = ports;
    this.#model = model;
    this.#open = ports.length;
    this.arrivals = new EventHeap(ports.length);
    this.#idle = new Uint8Array(ports.length).fill(1);
    this.#from = new Float64Array(ports.length);
    this.#answered = new Float64Array(ports.length);
    this.#requests = new Float64Array(ports.length);
    this.#bursts = new Float64Array(ports.length);
    this.#latency = new Float64Array(ports.length);
    this.#queued = new Float64Array(ports.length);
  }

  override arrived(port: number): void {
    if (this.#idle[port] === 0) return;
    const { request } = this.ports[port]!;
    if (request.readable) {
      this.#idle[port] = 0;
      this.arrivals.update(port, Math.max(this.#from[port]!, request.headTime));
    } else if (request.closed) {
      this.#idle[port] = 0;
      this.#open -= 1;
    }
  }

  /** Whether every port has come to its end. */
  protected get drained(): boolean {
    return this.#open === 0;
  }

  /** Whether a request can be taken up before the horizon. */
  protected get due(): boolean {
    const time = this.arrivals.firstTime;
    return time <= this.horizon && time !== Number.POSITIVE_INFINITY;
  }

  /** Advances the clock to the first cycle in which a request can be taken up. Only while `due`. */
  protected awaitRequest(): void {
    const arrived = this.ports[this.arrivals.first]!.request.peek(this.clock);
    this.clock = Math.max(arrived, this.arrivals.firstTime);
  }

  /**
   * Number of bursts of the oldest request of `port`.
   *
   * @throws {SimError} `memory-request` if it has none, or goes the wrong way for the port.
   */
  protected burstsOf(port: number): number {
    const { id, access, request } = this.ports[port]!;
    const tag = request.headTag;
    if (tag === 0 || tag > 0 !== (access === "read")) {
      const expected = access === "read" ? "a positive" : "a negative";
      throw new SimError(
        "memory-request",
        `port ${id} of memory ${this.id} got a request of ${tag} bursts; a ${access} port takes ${expected} number`,
      );
    }
    return Math.abs(tag);
  }

  /**
   * Answers the oldest request of `port` and lets the next one be taken up from `next` on.
   *
   * `done` is the first cycle in which the requester may read the answer, `unloaded` the cycles from request to answer
   * on a memory without other traffic.
   */
  protected respond(port: number, done: number, next: number, unloaded: number): void {
    const { request } = this.ports[port]!;
    const asked = this.#asked;
    asked.payload = request.headPayload;
    asked.tag = request.headTag;
    asked.arrival = request.headTime;
    this.answer(port, asked, done, unloaded);
    this.takeUp(port, next);
  }

  /** The first half of `respond`: answers a request, the oldest of `port` without an answer. */
  protected answer(port: number, asked: AskedRequest, done: number, unloaded: number): void {
    const { request, response } = this.ports[port]!;
    const { payload, tag, arrival } = asked;
    const readable = Math.max(done, this.#answered[port]!);
    this.#answered[port] = readable;
    if (readable > this.lastResponse) this.lastResponse = readable;
    const cycles = readable - arrival;
    this.#requests[port]! += 1;
    this.#bursts[port]! += Math.abs(tag);
    this.#latency[port]! += cycles;
    this.#queued[port]! += Math.max(0, cycles - unloaded);
    const bytes = Math.abs(tag) * this.#model.burstBytes;
    this.#observer?.served({ memory: this.id, port: this.ports[port]!, arrival, answer: readable, bytes });
    response.putAt(readable, payload, tag);
    // The requester may act on the answer and be heard a latency later.
    const horizon = readable + request.latency - 1;
    if (horizon < this.horizon) this.horizon = horizon;
  }

  /** The second half of `respond`: frees the slot of the oldest request of `port`; the next is taken up from `next` on. */
  protected takeUp(port: number, next: number): void {
    const { request } = this.ports[port]!;
    if (!request.writable) {
      // The requester may act on the free slot and be heard a latency later.
      const horizon = next - 1 + request.responseLatency + request.latency - 1;
      if (horizon < this.horizon) this.horizon = horizon;
    }
    request.release(next - 1);
    this.#idle[port] = 1;
    this.#from[port] = next;
    this.arrivals.update(port, Number.POSITIVE_INFINITY);
    this.arrived(port);
  }

  /** Ends the memory at `time`, waiting until then for the last port to end. */
  protected finishAt(time: number): Progress {
    if (time > this.clock && this.ports.length > 0) {
      this.ports[0]!.request.starve(this.clock, time);
      this.clock = time;
    }
    return this.finish();
  }

  /** Told of every request from now on; for timelines. */
  observe(observer: MemoryObserver | null): void {
    this.#observer = observer;
  }

  /** Traffic so far. */
  report(): MemoryReport {
    const { name, burstBytes } = this.#model;
    const ports = this.ports.map((port, place) => ({
      id: port.id,
      access: port.access,
      requests: this.#requests[place]!,
      bytes: this.#bursts[place]! * burstBytes,
      latencyCycles: this.#latency[place]!,
      queuedCycles: this.#queued[place]!,
    }));
    const bytes = (access: "read" | "write"): number =>
      ports.reduce((sum, port) => sum + (port.access === access ? port.bytes : 0), 0);
    const requests = ports.reduce((sum, port) => sum + port.requests, 0);
    return {
      id: this.id,
      model: name,
      requests,
      bytesRead: bytes("read"),
      bytesWritten: bytes("write"),
      rowHits: null,
      ports,
    };
  }
}
