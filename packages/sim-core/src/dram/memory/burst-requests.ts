/**
 * Requests of memory ports under way in a DRAM: each is done when all of its bursts are.
 */

/** A pool of requests with one queue per port, oldest first. */
export class BurstRequests {
  /** Requests that are not answered. */
  size = 0;
  // Per request, parallel arrays that grow together.
  #payload: Float64Array = new Float64Array(64);
  #tag: Int32Array = new Int32Array(64);
  #arrival: Float64Array = new Float64Array(64);
  #left: Float64Array = new Float64Array(64);
  #done: Float64Array = new Float64Array(64);
  #port: Int32Array = new Int32Array(64);
  // Next younger request of the port, or next free request.
  #next: Int32Array = Int32Array.from({ length: 64 }, (_, i) => i + 1);
  #free = 0;
  // Per port, the ends of its queue; -1 if empty.
  readonly #oldest: Int32Array;
  readonly #youngest: Int32Array;

  constructor(ports: number) {
    this.#oldest = new Int32Array(ports).fill(-1);
    this.#youngest = new Int32Array(ports).fill(-1);
  }

  /** Adds a request to the queue of `port`; returns its number. */
  add(port: number, payload: number, tag: number, arrival: number): number {
    if (this.#free === this.#port.length) this.#grow();
    const request = this.#free;
    this.#free = this.#next[request]!;
    this.#payload[request] = payload;
    this.#tag[request] = tag;
    this.#arrival[request] = arrival;
    this.#left[request] = Math.abs(tag);
    this.#done[request] = 0;
    this.#port[request] = port;
    this.#next[request] = -1;
    const youngest = this.#youngest[port]!;
    if (youngest < 0) this.#oldest[port] = request;
    else this.#next[youngest] = request;
    this.#youngest[port] = request;
    this.size += 1;
    return request;
  }

  /** One burst of `request` is done at `cycle`; returns its port if the oldest request there may be answered, else -1. */
  burstDone(request: number, cycle: number): number {
    this.#left[request]! -= 1;
    if (cycle > this.#done[request]!) this.#done[request] = cycle;
    const port = this.#port[request]!;
    return this.#left[request] === 0 && this.#oldest[port] === request ? port : -1;
  }

  /** The oldest request of `port`, if all of its bursts are done; else -1. */
  finished(port: number): number {
    const oldest = this.#oldest[port]!;
    return oldest >= 0 && this.#left[oldest] === 0 ? oldest : -1;
  }

  payload(request: number): number {
    return this.#payload[request]!;
  }

  tag(request: number): number {
    return this.#tag[request]!;
  }

  arrival(request: number): number {
    return this.#arrival[request]!;
  }

  /** Cycle at which the last burst was done. */
  done(request: number): number {
    return this.#done[request]!;
  }

  /** Takes the oldest request of `port` out. */
  shift(port: number): void {
    const request = this.#oldest[port]!;
    const next = this.#next[request]!;
    this.#oldest[port] = next;
    if (next < 0) this.#youngest[port] = -1;
    this.#next[request] = this.#free;
    this.#free = request;
    this.size -= 1;
  }

  #grow(): void {
    const size = this.#port.length;
    const doubled = <A extends Float64Array | Int32Array>(array: A, larger: A): A => {
      larger.set(array);
      return larger;
    };
    this.#payload = doubled(this.#payload, new Float64Array(2 * size));
    this.#tag = doubled(this.#tag, new Int32Array(2 * size));
    this.#arrival = doubled(this.#arrival, new Float64Array(2 * size));
    this.#left = doubled(this.#left, new Float64Array(2 * size));
    this.#done = doubled(this.#done, new Float64Array(2 * size));
    this.#port = doubled(this.#port, new Int32Array(2 * size));
    this.#next = doubled(this.#next, new Int32Array(2 * size));
    for (let i = size; i < 2 * size; i++) this.#next[i] = i + 1;
  }
}
