/**
 * A traversal unit in time: one half walks its loop and asks for lines, the other takes the answers in their order and
 * passes turns on. Between the halves is the storage for streams, which bounds how far the first runs ahead.
 *
 * A unit begins a fibre in one cycle and steps over one turn per cycle. Loads that depend on loads of the same turn are
 * asked for by a further pair of halves.
 *
 * Source: the traversal unit's states (begin, iterate, end) of the Tensor Marshaling Unit, MICRO 2023.
 */
import { type Channel, Node, type Progress } from "@millrace/sim-core";
import type { StageTrace, UnitTrace } from "../access/access-trace.ts";

/** Channels of the asking half. */
export interface AskerPorts {
  /** A token for each fibre (of the first stage) or turn (of later ones); none for the outermost loop. */
  readonly permits: Channel | undefined;
  /** Lines asked for: the line, and its stream as the tag. */
  readonly requests: Channel;
  /** Groups under way: how many lines, and turns as the tag. */
  readonly underWay: Channel;
}

/** Walks the loop of one unit and asks for the lines of one stage. */
export class LineAsker extends Node {
  readonly #ports: AskerPorts;
  readonly #stage: number;
  readonly #groupsOfFibre: Float64Array;
  readonly #turns: Float64Array;
  readonly #lines: Float64Array;
  readonly #streams: Float64Array;
  readonly #requests: Float64Array;
  #fibre = 0;
  #groupsLeft = 0;
  #group = 0;
  #line = 0;
  // Lines of the group at hand that are not asked for yet; -1 before a group.
  #linesLeft = -1;

  constructor(id: string, trace: UnitTrace, stage: number, ports: AskerPorts) {
    super(id, ports.permits === undefined ? [] : [ports.permits], [ports.requests, ports.underWay]);
    const { lines, streams, requests } = trace.stages[stage] as StageTrace;
    this.#ports = ports;
    this.#stage = stage;
    this.#groupsOfFibre = trace.groupsOfFibre.values;
    this.#turns = trace.turns.values;
    this.#lines = lines.values;
    this.#streams = streams.values;
    this.#requests = requests.values;
  }

  fire(budget: number): Progress {
    const { permits, underWay } = this.#ports;
    for (let left = budget; left > 0; left--) {
      if (this.#groupsLeft === 0) {
        if (permits === undefined ? this.#fibre > 0 : permits.ended) return this.finish();
        if (permits !== undefined && !permits.readable) return this.waitFor(permits);
        this.#begin(permits);
        continue;
      }
      if (this.#linesLeft < 0) {
        if (!underWay.writable) return this.waitFor(underWay);
        this.clock = underWay.reserve(this.clock);
        this.#linesLeft = this.#requests[this.#group]!;
      }
      if (!this.#ask()) return this.waitFor(this.#ports.requests);
      this.#endGroup();
    }
    return "more";
  }

  #begin(permits: Channel | undefined): void {
    if (permits !== undefined) {
      this.clock = permits.peek(this.clock);
      permits.release(this.clock);
    }
    if (this.#stage > 0) this.#groupsLeft = 1;
    else {
      this.#groupsLeft = this.#groupsOfFibre[this.#fibre]!;
      this.clock += 1;
    }
    this.#fibre += 1;
  }

  #ask(): boolean {
    const { requests } = this.#ports;
    for (; this.#linesLeft > 0; this.#linesLeft--) {
      if (!requests.writable) return false;
      this.clock = requests.reserve(this.clock);
      requests.put(this.clock, this.#lines[this.#line]!, this.#streams[this.#line]!);
      this.#line += 1;
    }
    return true;
  }

  #endGroup(): void {
    const { underWay } = this.#ports;
    underWay.put(this.clock, this.#requests[this.#group]!, this.#turns[this.#group]!);
    this.clock += this.#stage > 0 ? 1 : this.#turns[this.#group]!;
    this.#group += 1;
    this.#groupsLeft -= 1;
    this.#linesLeft = -1;
  }
}

/** Takes the lines of one stage in their order, and passes their turns on to all of `readers`. */
export class LineTaker extends Node {
  readonly #underWay: Channel;
  readonly #answers: Channel;
  readonly #readers: readonly Channel[];
  // Lines of the oldest group that are not there yet; -1 before a group.
  #missing = -1;
  #told = 0;

  constructor(id: string, ports: { underWay: Channel; answers: Channel; readers: readonly Channel[] }) {
    super(id, [ports.underWay, ports.answers], ports.readers);
    this.#underWay = ports.underWay;
    this.#answers = ports.answers;
    this.#readers = ports.readers;
  }

  fire(budget: number): Progress {
    const underWay = this.#underWay;
    for (let left = budget; left > 0; left--) {
      if (this.#missing < 0) {
        if (underWay.ended) return this.finish();
        if (!underWay.readable) return this.waitFor(underWay);
        this.clock = underWay.peek(this.clock);
        this.#missing = underWay.headPayload;
      }
      if (!this.#take()) return this.waitFor(this.#answers);
      for (; this.#told < this.#readers.length; this.#told++) {
        const reader = this.#readers[this.#told]!;
        if (!reader.writable) return this.waitFor(reader);
        this.clock = reader.reserve(this.clock);
        reader.put(this.clock, underWay.headTag, 0);
      }
      // The storage is free once the turn was passed on.
      underWay.release(this.clock);
      this.#told = 0;
      this.#missing = -1;
    }
    return "more";
  }

  #take(): boolean {
    const answers = this.#answers;
    for (; this.#missing > 0; this.#missing--) {
      if (!answers.readable) return false;
      this.clock = answers.peek(this.clock);
      answers.release(this.clock);
    }
    return true;
  }
}
