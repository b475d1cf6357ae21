/**
 * A recording of a simulation that Perfetto opens: for each node a line of busy, starved and blocked spans, for each
 * channel a counter of the tokens in it, for each memory port its requests with arrows from and to the requester.
 */
import type { Channel } from "../channel/channel.ts";
import type { ChannelObserver } from "../channel/channel-observer.ts";
import type { Graph } from "../engine/graph.ts";
import type { MemoryObserver, ServedRequest } from "../memory/memory-observer.ts";
import { EventLog } from "./event-log.ts";
import { Occupancy } from "./occupancy.ts";
import { EVENT_TYPE, PerfettoWriter } from "./perfetto-writer.ts";
import { TrackTree } from "./track-tree.ts";

/** What part of a simulation to record. */
export interface TimelineOptions {
  /** First cycle. Default 0. */
  readonly from?: number;
  /** Cycle after the last. Default: the end. */
  readonly until?: number;
  /** Most events to keep; the latest are dropped. Default 1,000,000, about 30 MB. */
  readonly maximumEvents?: number;
}

/** Records a simulation, or several that follow each other: give it to `simulate`, then `encode` it. */
export class TimelineRecorder implements ChannelObserver, MemoryObserver {
  readonly #log: EventLog;
  readonly #tracks: TrackTree = new TrackTree();
  readonly #names: string[] = ["busy"];
  readonly #ids = new Map<string, number>([["busy", 0]]);
  readonly #occupancy = new Map<Channel, Occupancy>();
  // Per node, in graph order: its track, and where its latest wait ended.
  #nodeTrack: number[] = [];
  #waitEnd: number[] = [];
  readonly #rateTrack = new Map<string, number>();
  readonly #portEnd = new Map<number, number>();
  #flow = 0;
  // Heads the names of tracks while simulations are recorded apart.
  #group = "";

  constructor(options: TimelineOptions = {}) {
    const { from = 0, until = Number.POSITIVE_INFINITY, maximumEvents = 1_000_000 } = options;
    this.#log = new EventLog({ from, until, maximum: maximumEvents });
  }

  /** The cycle from which events were dropped for their number; `null` if none were. */
  get truncatedAt(): number | null {
    return this.#log.truncatedAt;
  }

  /** Lets what is simulated from now on begin at cycle `start`, its tracks in a group of their own; `name` is that of no other. */
  group(name: string, start: number): void {
    this.#group = `${name}/`;
    this.#log.offset = start;
  }

  /** Starts to watch a graph; `simulate` calls it. */
  attach(graph: Graph): void {
    this.#nodeTrack = graph.nodes.map((node) => this.#tracks.node(this.#group + node.id));
    this.#waitEnd = graph.nodes.map(() => 0);
    for (const channel of graph.channels) {
      const track = this.#tracks.channel(this.#group + channel.id);
      this.#occupancy.set(channel, new Occupancy((time, held) => this.#log.counter(track, time, held)));
      channel.observe(this);
    }
    for (const memory of graph.memories) {
      const parent = this.#tracks.node(this.#group + memory.id);
      this.#rateTrack.set(memory.id, this.#tracks.counter(parent, `${memory.id} traffic`, "bytes/cycle"));
      memory.observe(this);
    }
  }

  /** Takes in what is left at the end of a simulation; `simulate` calls it. */
  close(graph: Graph): void {
    for (const node of graph.nodes) this.#busy(node.index, node.clock);
    for (const [channel, occupancy] of this.#occupancy) {
      channel.tellReleases();
      channel.observe(null);
      occupancy.close();
    }
    for (const memory of graph.memories) memory.observe(null);
  }

  starved(channel: Channel, from: number, until: number): void {
    this.#wait(channel.reader!.index, { from, until }, `starved: ${channel.id}`);
  }

  blocked(channel: Channel, from: number, until: number): void {
    this.#wait(channel.writer!.index, { from, until }, `blocked: ${channel.id}`);
  }

  written(channel: Channel, time: number): void {
    this.#occupancy.get(channel)!.written(time);
  }

  released(channel: Channel, time: number): void {
    this.#occupancy.get(channel)!.released(time);
  }

  served(request: ServedRequest): void {
    const { memory, port, arrival, answer, bytes } = request;
    const track = this.#tracks.node(`${this.#group}${memory}/${port.id}`);
    const name = this.#name(`${port.access} ${bytes} bytes`);
    this.#flow += 1;
    // A port answers in order: a request is shown from when it is the oldest.
    const from = Math.max(arrival, this.#portEnd.get(track) ?? 0);
    this.#portEnd.set(track, answer);
    const requester = this.#nodeTrack[port.request.writer!.index]!;
    this.#log.instant(requester, arrival - port.request.latency, this.#name("request"), this.#flow);
    this.#log.slice(track, { from, until: answer }, name, this.#flow);
    this.#log.instant(this.#nodeTrack[port.response.reader!.index]!, answer, this.#name("answer"), this.#flow);
    this.#log.rate(this.#rateTrack.get(memory)!, { from, until: answer }, bytes / Math.max(1, answer - from));
  }

  /** The trace file: open it in the Perfetto UI. The same simulation gives the same bytes. */
  encode(): Uint8Array {
    const writer = new PerfettoWriter();
    for (const track of this.#tracks.tracks) writer.track(track);
    const rates = new Map<number, number>();
    for (const { kind, track, time, end, name, value, flow } of this.#log.events()) {
      if (kind === "counter") writer.counter(track, time, value);
      else if (kind === "rate") {
        const rate = (rates.get(track) ?? 0) + value;
        rates.set(track, rate);
        // Sums of fractions come back to zero only almost.
        writer.counter(track, time, Math.round(rate * 1e6) / 1e6);
      } else {
        const type = kind === "slice" ? EVENT_TYPE.sliceBegin : EVENT_TYPE.instant;
        writer.begin(type, { track, time }, this.#names[name]!, flow);
        if (kind === "slice") writer.end(track, end);
      }
    }
    return writer.finish();
  }

  #wait(node: number, span: { from: number; until: number }, name: string): void {
    this.#busy(node, span.from);
    this.#log.slice(this.#nodeTrack[node]!, span, this.#name(name));
    this.#waitEnd[node] = span.until;
  }

  /** What is not a wait is work. */
  #busy(node: number, until: number): void {
    this.#log.slice(this.#nodeTrack[node]!, { from: this.#waitEnd[node]!, until }, 0);
  }

  #name(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }
}
