/**
 * A bounded, first-in first-out channel between exactly two nodes, in simulated time.
 *
 * A token is a payload and a tag, both opaque to the engine, with the time at which it may be read.
 * Writing token k advances the writer's clock to the time at which token k - capacity was released;
 * reading token k advances the reader's clock to the time at which it became readable. With nothing
 * but such reads and writes all times are independent of the order in which the host runs the nodes.
 *
 * Source: Zhang et al., "The Dataflow Abstract Machine Simulator Framework", ISCA 2024 (channel rules).
 */
import type { Node } from "../engine/node.ts";
import { SimError } from "../errors.ts";
import type { ChannelObserver } from "./channel-observer.ts";

/** How much a channel holds, and how long tokens and releases are under way. */
export interface ChannelOptions {
  /** Most tokens in the channel at once, in simulated time; an integer of at least 1, or `Infinity` (the default). */
  readonly capacity?: number;
  /** Cycles from writing to the first cycle of reading; an integer of at least 1. Default 1. */
  readonly latency?: number;
  /** Cycles from reading to the first cycle in which the writer may use the slot again; an integer of at least 1. Default 1. */
  readonly responseLatency?: number;
}

const FIRST_SLOTS = 16;
const UNBOUNDED = 0x7fff_ffff;

/** A typed ring of time-stamped tokens. `Graph.channel` makes it; the two nodes at its ends write and read it. */
export class Channel {
  readonly id: string;
  readonly latency: number;
  readonly responseLatency: number;
  /** The node that writes; set when a node that lists this channel as an output joins the graph. */
  writer: Node | null = null;
  /** The node that reads; set when a node that lists this channel as an input joins the graph. */
  reader: Node | null = null;
  /** Place among the inputs of the reader. */
  inputIndex = -1;
  /** Cycles the reader waited for tokens here. */
  starvedCycles = 0;
  /** Cycles the writer waited for a free slot here. */
  blockedCycles = 0;
  /** Whether the writer has finished. */
  closed = false;
  /** Told of every wait and, when settled, of every change of occupancy; for timelines. */
  observer: ChannelObserver | null = null;

  // Token i lives in slot i & mask of each array. `#head`, `#tail` and the settled counts are token numbers modulo 2^32.
  // A slot is reused only after both the writing and the release of its token are settled (see #settle).
  #limit: number;
  #mask = FIRST_SLOTS - 1;
  #ready: Float64Array = new Float64Array(FIRST_SLOTS);
  #payload: Float64Array = new Float64Array(FIRST_SLOTS);
  #tag: Int32Array = new Int32Array(FIRST_SLOTS);
  #release: Float64Array = new Float64Array(FIRST_SLOTS);
  #head = 0;
  #tail = 0;
  #settledWrites = 0;
  #settledReleases = 0;
  #settledTokens = 0;
  #highWater = 0;

  /** @throws {SimError} `channel-options` unless the options are integers of at least 1 (or an infinite capacity). */
  constructor(id: string, options: ChannelOptions = {}) {
    const { capacity = Number.POSITIVE_INFINITY, latency = 1, responseLatency = 1 } = options;
    for (const [option, value] of Object.entries({ capacity, latency, responseLatency })) {
      const endless = option === "capacity" && value === Number.POSITIVE_INFINITY;
      if (!endless && !(Number.isInteger(value) && value >= 1 && value < UNBOUNDED)) {
        throw new SimError(
          "channel-options",
          `${option} of channel ${id} must be an integer of at least 1, not ${value}`,
        );
      }
    }
    this.id = id;
    this.latency = latency;
    this.responseLatency = responseLatency;
    this.#limit = capacity === Number.POSITIVE_INFINITY ? UNBOUNDED : capacity;
  }

  /** Most tokens in the channel at once, in simulated time; `Infinity` if unbounded. */
  get capacity(): number {
    return this.#limit === UNBOUNDED ? Number.POSITIVE_INFINITY : this.#limit;
  }

  /** Whether a token is known to the host: its time may still lie ahead of the reader's clock. */
  get readable(): boolean {
    return this.#head !== this.#tail;
  }

  /** Whether the host knows when the slot for the next token is free: the time may still lie ahead of the writer's clock. */
  get writable(): boolean {
    return ((this.#tail - this.#head) | 0) < this.#limit;
  }

  /** As `writable`, for two slots; see `reserveTwo`. */
  get writableTwo(): boolean {
    return ((this.#tail - this.#head + 1) | 0) < this.#limit;
  }

  /** How many tokens the host could read now. */
  get pending(): number {
    return (this.#tail - this.#head) | 0;
  }

  /** Payload of the oldest token; only while `readable`. */
  get headPayload(): number {
    return this.#payload[this.#head & this.#mask]!;
  }

  /** Tag of the oldest token; only while `readable`. */
  get headTag(): number {
    return this.#tag[this.#head & this.#mask]!;
  }

  /** Time from which the oldest token may be read; only while `readable`. */
  get headTime(): number {
    return this.#ready[this.#head & this.#mask]!;
  }

  /** Waits at `clock` for the oldest token, without taking it; returns the reader's new clock. Only while `readable`. */
  peek(clock: number): number {
    const ready = this.#ready[this.#head & this.#mask]!;
    return ready <= clock ? clock : this.starve(clock, ready);
  }

  /** Lets the reader wait from `clock` until `until`, for a token or the end of the stream; returns `until`. */
  starve(clock: number, until: number): number {
    this.starvedCycles += until - clock;
    if (this.observer !== null) this.observer.starved(this, clock, until);
    return until;
  }

  /** Takes the oldest token out at `clock`: its slot is free `responseLatency` later. Call after `peek`. */
  release(clock: number): void {
    this.#release[this.#head & this.#mask] = clock + this.responseLatency;
    this.#head = (this.#head + 1) | 0;
  }

  /** Waits at `clock` for the slot of the next token; returns the writer's new clock. Only while `writable`. */
  reserve(clock: number): number {
    // With fewer slots than capacity the slots alone prove that the channel has never been full.
    if (this.#limit > this.#mask + 1) return clock;
    const free = this.#release[(this.#tail - this.#limit) & this.#mask]!;
    return free <= clock ? clock : this.#block(clock, free);
  }

  /**
   * As `reserve`, but waits until two slots are free: for a writer that holds back while its reader's queue is nearly full.
   * Only while `writableTwo`.
   */
  reserveTwo(clock: number): number {
    if (this.#limit > this.#mask + 2) return clock;
    const free = this.#release[(this.#tail + 1 - this.#limit) & this.#mask]!;
    return free <= clock ? clock : this.#block(clock, free);
  }

  /** Puts a token in at `clock`, readable `latency` later. Call after `reserve`. */
  put(clock: number, payload: number, tag: number): void {
    this.putAt(clock + this.latency, payload, tag);
  }

  /** Puts a token in that may be read from `ready` on: at least `latency` after the writer's clock, and never earlier than the token before it. */
  putAt(ready: number, payload: number, tag: number): void {
    if (((this.#tail - this.#settledReleases) | 0) > this.#mask) this.#makeRoom();
    const slot = this.#tail & this.#mask;
    this.#ready[slot] = ready;
    this.#payload[slot] = payload;
    this.#tag[slot] = tag;
    this.#tail = (this.#tail + 1) | 0;
  }

  /** Tokens written so far. */
  get tokens(): number {
    this.#settle();
    return this.#settledTokens + ((this.#tail - this.#settledWrites) | 0);
  }

  /** Most tokens that held a slot at once so far, in simulated time. A token holds its slot from its writing until the slot is free again. */
  get highWater(): number {
    this.#settle();
    // Writes whose place among the releases is still open have not been followed by any known release.
    return Math.max(this.#highWater, (this.#tail - this.#settledReleases) | 0);
  }

  /** Raises the capacity, in host time: for finding the capacity that frees a deadlock. */
  grow(capacity: number): void {
    if (capacity > this.#limit) this.#limit = capacity;
  }

  /** Marks the end of the stream: nothing will be written any more. */
  close(): void {
    this.closed = true;
  }

  /** Whether the stream is at its end: closed, and every token taken. */
  get ended(): boolean {
    return this.closed && this.#head === this.#tail;
  }

  #block(clock: number, until: number): number {
    this.blockedCycles += until - clock;
    if (this.observer !== null) this.observer.blocked(this, clock, until);
    return until;
  }

  // Frees slots, or doubles their number when their tokens are still under way in simulated time.
  #makeRoom(): void {
    this.#settle();
    const first = this.#settledReleases;
    if (((this.#tail - first) | 0) <= this.#mask) return;
    const slots = 2 * (this.#mask + 1);
    const ready = new Float64Array(slots);
    const payload = new Float64Array(slots);
    const tag = new Int32Array(slots);
    const release = new Float64Array(slots);
    for (let token = first; token !== this.#tail; token = (token + 1) | 0) {
      const from = token & this.#mask;
      const to = token & (slots - 1);
      ready[to] = this.#ready[from]!;
      payload[to] = this.#payload[from]!;
      tag[to] = this.#tag[from]!;
      release[to] = this.#release[from]!;
    }
    this.#mask = slots - 1;
    this.#ready = ready;
    this.#payload = payload;
    this.#tag = tag;
    this.#release = release;
  }

  // Writes and releases each come in order of time; settling merges the two sequences as far as both are known,
  // so the occupancy it sees is that of simulated time, whatever the host's order was.
  #settle(): void {
    const ready = this.#ready;
    const release = this.#release;
    const mask = this.#mask;
    const { latency, observer } = this;
    let writes = this.#settledWrites;
    let releases = this.#settledReleases;
    let highWater = this.#highWater;
    while (writes !== this.#tail && releases !== this.#head) {
      const written = ready[writes & mask]! - latency;
      const released = release[releases & mask]!;
      if (released <= written) {
        releases = (releases + 1) | 0;
      } else {
        writes = (writes + 1) | 0;
        const held = (writes - releases) | 0;
        if (held > highWater) highWater = held;
      }
      if (observer !== null) observer.occupancy(this, Math.min(written, released), (writes - releases) | 0);
    }
    this.#settledTokens += (writes - this.#settledWrites) | 0;
    this.#settledWrites = writes;
    this.#settledReleases = releases;
    this.#highWater = highWater;
  }
}
