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

const NO_SLOTS = new Float64Array(0);

/** A typed ring of time-stamped tokens. `Graph.channel` makes it; the two nodes at its ends write and read it. */
export class Channel {
  // The private members are TypeScript's and not `#names`, which take twice the bytecode: V8 inlines the methods below into
  // the loops of nodes only up to an amount of bytecode, and a call that is not inlined boxes its clocks and payloads.
  // Every number starts as a number: a field that was ever undefined costs a check at each use.
  readonly id: string;
  readonly latency: number = 1;
  readonly responseLatency: number = 1;
  /** The node that writes; set when a node that lists this channel as an output joins the graph. */
  writer: Node | null = null;
  /** The node that reads; set when a node that lists this channel as an input joins the graph. */
  reader: Node | null = null;
  /** Place among the inputs of the reader. */
  inputIndex = -1;
  /** Whether the writer has finished. */
  closed = false;

  // Token numbers are taken modulo 2^32, as signed integers; `wraps` counts how often tail went round.
  private head = 0;
  private tail = 0;
  private wraps = 0;
  private first = 0;
  private limit = UNBOUNDED;
  // Token i lives, until it is taken, in the numbers from (4 * i) & mask on: the time from which it may be read, its payload
  // and its tag. Side by side, they share a cache line with those of one neighbour.
  private mask = 0;
  private slots: Float64Array = NO_SLOTS;
  // Once taken, it leaves at freed[i & freedMask] the time from which its slot is free again. There is room for the last
  // `mark` tokens, and under an observer for all that the host holds.
  private freedMask = 0;
  private freed: Float64Array = NO_SLOTS;
  // Most tokens at once, in simulated time, as far as the host knows both ends: see raiseAtRelease.
  private mark = 0;
  // Cycles the reader waited for tokens, and the writer for slots: in an array, which holds large numbers in place.
  private readonly waits: Float64Array = new Float64Array(2);
  private observer: ChannelObserver | null = null;
  // Number of the first token whose release the observer does not know.
  private told = 0;

  /**
   * `first` is the number of the first token: only the wrap-around of token numbers depends on it.
   *
   * @throws {SimError} `channel-options` unless the options are integers of at least 1 (or an infinite capacity).
   */
  constructor(id: string, options: ChannelOptions = {}, first = 0) {
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
    if (capacity !== Number.POSITIVE_INFINITY) this.limit = capacity;
    this.first = first | 0;
    this.head = this.first;
    this.tail = this.first;
    // Assigned here, over the first values: the compiler then knows that these fields change, and keeps its code when they do.
    this.slots = new Float64Array(4 * FIRST_SLOTS);
    this.mask = 4 * FIRST_SLOTS - 4;
    this.freed = new Float64Array(FIRST_SLOTS);
    this.freedMask = FIRST_SLOTS - 1;
  }

  /** Cycles the reader waited for tokens here. */
  get starvedCycles(): number {
    return this.waits[0]!;
  }

  /** Cycles the writer waited for a free slot here. */
  get blockedCycles(): number {
    return this.waits[1]!;
  }

  /** Most tokens in the channel at once, in simulated time; `Infinity` if unbounded. */
  get capacity(): number {
    return this.limit === UNBOUNDED ? Number.POSITIVE_INFINITY : this.limit;
  }

  /** Whether a token is known to the host: its time may still lie ahead of the reader's clock. */
  get readable(): boolean {
    return this.head !== this.tail;
  }

  /** Whether the host knows when the slot for the next token is free: the time may still lie ahead of the writer's clock. */
  get writable(): boolean {
    return ((this.tail - this.head) | 0) < this.limit;
  }

  /** How many tokens the host could read now. */
  get pending(): number {
    return (this.tail - this.head) | 0;
  }

  /** How many tokens the host could write now. */
  get room(): number {
    return this.limit - ((this.tail - this.head) | 0);
  }

  /** Payload of the oldest token; only while `readable`. */
  get headPayload(): number {
    return this.slots[((this.head << 2) & this.mask) | 1]!;
  }

  /** Tag of the oldest token; only while `readable`. */
  get headTag(): number {
    return this.slots[((this.head << 2) & this.mask) | 2]!;
  }

  /** Time from which the oldest token may be read; only while `readable`. */
  get headTime(): number {
    return this.slots[(this.head << 2) & this.mask]!;
  }

  /** Payload of a token that waits, 0 being the oldest; only below `pending`. For looking through what is under way. */
  payloadAt(place: number): number {
    return this.slots[(((this.head + place) << 2) & this.mask) | 1]!;
  }

  /** Waits at `clock` for the oldest token, without taking it; returns the reader's new clock. Only while `readable`. */
  peek(clock: number): number {
    const ready = this.slots[(this.head << 2) & this.mask]!;
    if (ready <= clock) return clock;
    this.starve(clock, ready);
    return ready;
  }

  /** Counts that the reader waits over [from, until), for a token or the end of the stream. */
  starve(from: number, until: number): void {
    this.waits[0]! += until - from;
    if (this.observer !== null) this.observer.starved(this, from, until);
  }

  /** Takes the oldest token out at `clock`: its slot is free `responseLatency` later. Call after `peek`. */
  release(clock: number): void {
    const head = this.head;
    const slots = this.slots;
    const mask = this.mask;
    const free = clock + this.responseLatency;
    this.freed[head & this.freedMask] = free;
    this.head = (head + 1) | 0;
    // The token just beyond the high-water mark raises it if it was written before this release.
    const mark = this.mark;
    if (((this.tail - head) | 0) > mark && slots[((head + mark) << 2) & mask]! < free + this.latency) {
      this.raiseAtRelease(head, free);
    }
  }

  /** Waits at `clock` for the slot of the next token; returns the writer's new clock. Only while `writable`. */
  reserve(clock: number): number {
    // While the channel was never full the slot must be free: no need to look.
    if (this.mark < this.limit) return clock;
    const free = this.freed[(this.tail - this.limit) & this.freedMask]!;
    if (free <= clock) return clock;
    this.waits[1]! += free - clock;
    if (this.observer !== null) this.observer.blocked(this, clock, free);
    return free;
  }

  /**
   * As `reserve`, but waits until two slots are free: for a writer that holds back while its reader's queue is nearly full.
   * Only while `room` is at least 2.
   */
  reserveTwo(clock: number): number {
    if (this.mark < this.limit - 1) return clock;
    const free = this.freed[(this.tail + 1 - this.limit) & this.freedMask]!;
    if (free <= clock) return clock;
    this.waits[1]! += free - clock;
    if (this.observer !== null) this.observer.blocked(this, clock, free);
    return free;
  }

  /** Puts a token in at `clock`, readable `latency` later. Call after `reserve`. */
  put(clock: number, payload: number, tag: number): void {
    const tail = this.tail;
    const held = (tail - this.head) | 0;
    if (held << 2 > this.mask) this.addSlots();
    const slots = this.slots;
    const slot = (tail << 2) & this.mask;
    slots[slot] = clock + this.latency;
    slots[slot | 1] = payload;
    slots[slot | 2] = tag;
    this.tail = (tail + 1) | 0;
    if (this.tail === 0) this.wraps += 1;
    // The token just beyond the high-water mark raises it if it is released after this one is written.
    const oldest = (tail - (held < this.mark ? this.mark : (held + 1) | 0)) | 0;
    if (this.freed[oldest & this.freedMask]! > clock) this.raiseAtPut((tail - oldest) | 0);
    if (this.observer !== null) this.tell(clock);
  }

  /** Puts a token in that may be read from `ready` on: at least `latency` after the writer's clock, and never earlier than the token before it. */
  putAt(ready: number, payload: number, tag: number): void {
    this.put(ready - this.latency, payload, tag);
  }

  /** Tokens written so far. */
  get tokens(): number {
    return this.wraps * 2 ** 32 + (this.tail >>> 0) - (this.first >>> 0);
  }

  /** Most tokens that held a slot at once so far, in simulated time. A token holds its slot from its writing until the slot is free again. */
  get highWater(): number {
    return Math.max(this.mark, this.pending);
  }

  /** Told of every wait and writing from now on, and of releases up to the latest writing; for timelines. */
  observe(observer: ChannelObserver | null): void {
    this.observer = observer;
    this.told = this.head;
    this.fitFreed();
  }

  /** Tells the observer of the releases that it does not know yet. */
  tellReleases(): void {
    for (; this.told !== this.head; this.told = (this.told + 1) | 0) {
      this.observer?.released(this, this.freed[this.told & this.freedMask]!);
    }
  }

  /** Raises the capacity, in host time: for finding the capacity that frees a deadlock. */
  grow(capacity: number): void {
    if (capacity > this.limit) this.limit = capacity;
  }

  /** Marks the end of the stream: nothing will be written any more. */
  close(): void {
    this.closed = true;
  }

  /** Whether the stream is at its end: closed, and every token taken. */
  get ended(): boolean {
    return this.closed && this.head === this.tail;
  }

  // Releases are told along with writes: the ring still has their times, and the loop of the reader stays short.
  private tell(written: number): void {
    this.tellReleases();
    this.observer?.written(this, written);
  }

  // Tokens i … k are in the channel at once if k is written before i is released. Whenever the host learns the later of
  // these two times it compares them, for the one k or i that would raise the mark: so the mark is complete for all pairs
  // known, whatever the host's order. A write raises it by one at most, as all earlier pairs have been compared.

  private raiseAtRelease(token: number, free: number): void {
    const slots = this.slots;
    const held = (this.tail - token) | 0;
    let highWater = this.mark + 1;
    while (highWater < held && slots[((token + highWater) << 2) & this.mask]! - this.latency < free) highWater += 1;
    this.mark = highWater;
    this.fitFreed();
  }

  private raiseAtPut(held: number): void {
    this.mark = held + 1;
    this.fitFreed();
  }

  /** Doubles the slots of tokens. */
  private addSlots(): void {
    this.slots = doubled(this.slots);
    this.mask = this.slots.length - 4;
    this.fitFreed();
  }

  /** Makes room for the release times that will be asked for. */
  private fitFreed(): void {
    const needed = this.observer === null ? this.mark : Math.max(this.mark, this.slots.length >> 2);
    while (this.freed.length < needed) this.freed = doubled(this.freed);
    this.freedMask = this.freed.length - 1;
  }
}

/**
 * A ring of twice the length, in which everything has its old place modulo the old length: so each entry is where its number
 * asks for it. Its copy, half the ring away, is in the place of a number that is written before it is asked for, as the
 * numbers asked for span no more than the old length.
 */
function doubled(ring: Float64Array): Float64Array {
  const twice = new Float64Array(2 * ring.length);
  twice.set(ring, 0);
  twice.set(ring, ring.length);
  return twice;
}
