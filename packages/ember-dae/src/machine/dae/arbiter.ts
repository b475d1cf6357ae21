/**
 * The one way from the traversal units to memory: a line per cycle, outer loops first, equals in turn, and no more lines
 * under way than the machine has room for.
 *
 * A line is looked up in the caches of the host when it is asked for: streams enter at the last cache, or at the second one
 * if they are hinted to. Answers of one unit keep their order; the room of a line is free when its answer comes, in any order.
 *
 * Source: the arbiter of the Tensor Marshaling Unit, MICRO 2023. Translation is not modelled, and lines are not merged.
 */
import { type Channel, type MemoryPort, OrderedNode, type Progress } from "@millrace/sim-core";
import { lineBytes } from "../access/access-trace.ts";
import { LruCache } from "../lru-cache.ts";
import type { DaeMachine } from "../machine.ts";

/** What one unit's stage asks through. */
export interface Requester {
  readonly depth: number;
  readonly requests: Channel;
  readonly answers: Channel;
  readonly port: MemoryPort;
}

/** Lines by where they were found, per stream. */
export interface StreamLines {
  readonly asked: Float64Array;
  readonly secondHits: Float64Array;
  readonly lastHits: Float64Array;
}

/** Settings of an arbiter. */
export interface ArbiterOptions {
  readonly machine: DaeMachine;
  /** By stream: whether it enters at the second cache. */
  readonly throughSecond: readonly boolean[];
  /** Bursts of the memory in a line. */
  readonly burstsPerLine: number;
}

// Answers of one requester that are under way, oldest first: the cycle of it, or `UNKNOWN` for lines in memory.
interface Pending {
  readonly ready: number[];
  first: number;
}

const UNKNOWN = -1;

/** Grants one line per cycle. */
export class Arbiter extends OrderedNode {
  readonly lines: StreamLines;
  /** Cycles in which lines were asked for, and none could go for want of room. */
  exhaustedCycles = 0;
  readonly #requesters: readonly Requester[];
  readonly #options: ArbiterOptions;
  readonly #second: LruCache;
  readonly #last: LruCache;
  readonly #pending: readonly Pending[];
  // Cycles at which hits come back, by cache: each rises.
  readonly #hits: readonly [Pending, Pending] = [
    { ready: [], first: 0 },
    { ready: [], first: 0 },
  ];
  #underWay = 0;
  #nextGrant = 0;
  #latest = 0;

  constructor(requesters: readonly Requester[], options: ArbiterOptions) {
    const inputs = requesters.flatMap(({ requests, port }) => [requests, port.response]);
    const outputs = requesters.flatMap(({ answers, port }) => [answers, port.request]);
    // A line that is granted now can be answered, or its place asked for again, in two cycles.
    super("arbiter", inputs, outputs, 2);
    this.#requesters = requesters;
    this.#options = options;
    const { secondBytes, lastBytes } = options.machine.caches;
    this.#second = new LruCache(Math.floor(secondBytes / lineBytes));
    this.#last = new LruCache(Math.floor(lastBytes / lineBytes));
    this.#pending = requesters.map(() => ({ ready: [], first: 0 }));
    const count = () => new Float64Array(options.throughSecond.length);
    this.lines = { asked: count(), secondHits: count(), lastHits: count() };
  }

  nextTime(): number {
    if (this.#drained()) return this.clock;
    return Math.min(this.#nextAnswer(), this.#nextRequest());
  }

  fire(until: number): Progress {
    for (;;) {
      if (this.#drained()) return this.finish();
      const answer = this.#nextAnswer();
      const time = Math.min(answer, this.#nextRequest());
      if (time > until || time === Number.POSITIVE_INFINITY) return this.waitFor();
      if (time > this.clock) this.clock = time;
      if (answer <= time) this.#freeRoom(time);
      else this.#grant(time);
    }
  }

  #drained(): boolean {
    return this.#underWay === 0 && this.#requesters.every(({ requests }) => requests.ended);
  }

  #nextAnswer(): number {
    let time = Number.POSITIVE_INFINITY;
    for (const hits of this.#hits) if (hits.first < hits.ready.length) time = Math.min(time, hits.ready[hits.first]!);
    for (const { port } of this.#requesters) if (port.response.readable) time = Math.min(time, port.response.headTime);
    return time;
  }

  #nextRequest(): number {
    if (this.#underWay >= this.#options.machine.outstandingLines) return Number.POSITIVE_INFINITY;
    return Math.max(this.#nextGrant, this.#firstAsked(), this.clock);
  }

  #firstAsked(): number {
    let time = Number.POSITIVE_INFINITY;
    for (const { requests } of this.#requesters) if (requests.readable) time = Math.min(time, requests.headTime);
    return time;
  }

  #freeRoom(time: number): void {
    if (this.#underWay === this.#options.machine.outstandingLines) {
      this.exhaustedCycles += Math.max(0, time - Math.max(this.#nextGrant, this.#firstAsked()));
    }
    for (const hits of this.#hits) {
      while (hits.first < hits.ready.length && hits.ready[hits.first]! <= time) {
        takeFirst(hits);
        this.#underWay -= 1;
      }
    }
    for (const [place, { port }] of this.#requesters.entries()) {
      while (port.response.readable && port.response.headTime <= time) {
        port.response.release(time);
        this.#underWay -= 1;
        this.#answered(place, time);
      }
    }
  }

  // The oldest line of a requester that was in memory is there.
  #answered(place: number, time: number): void {
    const pending = this.#pending[place]!;
    pending.ready[pending.ready.indexOf(UNKNOWN, pending.first)] = time + 1;
    this.#passOn(place, time);
  }

  #passOn(place: number, time: number): void {
    const pending = this.#pending[place]!;
    const { answers } = this.#requesters[place]!;
    while (pending.first < pending.ready.length && pending.ready[pending.first]! !== UNKNOWN) {
      answers.putAt(Math.max(pending.ready[pending.first]!, time + 1), 0, 0);
      takeFirst(pending);
    }
  }

  #grant(time: number): void {
    const place = this.#chosen(time);
    const { requests, port } = this.#requesters[place]!;
    const [line, stream] = [requests.headPayload, requests.headTag];
    requests.release(time);
    this.#nextGrant = time + 1;
    this.#latest = place;
    this.#underWay += 1;
    this.lines.asked[stream]! += 1;
    const hit = this.#lookUp(line, stream, time);
    this.#pending[place]!.ready.push(hit);
    if (hit === UNKNOWN) port.request.put(time, line * lineBytes, this.#options.burstsPerLine);
    else this.#passOn(place, time);
  }

  /** The cycle at which a cache has the line there, or `UNKNOWN`. */
  #lookUp(line: number, stream: number, time: number): number {
    const { secondCycles, lastCycles } = this.#options.machine.caches;
    if (this.#options.throughSecond[stream] === true && this.#second.use(line)) {
      this.lines.secondHits[stream]! += 1;
      this.#hits[0].ready.push(time + secondCycles);
      return time + secondCycles;
    }
    if (!this.#last.use(line)) return UNKNOWN;
    this.lines.lastHits[stream]! += 1;
    this.#hits[1].ready.push(time + lastCycles);
    return time + lastCycles;
  }

  // The outermost loop that asks; of equals the one behind the last that was served.
  #chosen(time: number): number {
    const { length } = this.#requesters;
    let chosen = -1;
    for (let turn = 1; turn <= length; turn++) {
      const place = (this.#latest + turn) % length;
      const { requests, depth } = this.#requesters[place]!;
      if (!requests.readable || requests.headTime > time) continue;
      if (chosen < 0 || depth < this.#requesters[chosen]!.depth) chosen = place;
    }
    return chosen;
  }
}

// Forgets the first, and once in a while all that were taken.
function takeFirst(pending: Pending): void {
  pending.first += 1;
  if (pending.first < 1024 || pending.first < pending.ready.length / 2) return;
  pending.ready.splice(0, pending.first);
  pending.first = 0;
}
