/** A recording that Perfetto opens of anything that has lines with named spans on them, in nanoseconds. */
import { EventLog } from "./event-log.ts";
import { EVENT_TYPE, PerfettoWriter } from "./perfetto-writer.ts";
import type { TimelineOptions } from "./timeline.ts";
import { TrackTree } from "./track-tree.ts";

/** Collects spans and counters: `encode` it at the end. */
export class SpanTimeline {
  readonly #log: EventLog;
  readonly #tracks: TrackTree;
  readonly #names: string[] = [];
  readonly #ids = new Map<string, number>();

  /** `title` heads all lines. */
  constructor(title: string, options: TimelineOptions = {}) {
    const { from = 0, until = Number.POSITIVE_INFINITY, maximumEvents = 1_000_000 } = options;
    this.#log = new EventLog({ from, until, maximum: maximumEvents });
    this.#tracks = new TrackTree(title);
  }

  /** The time from which events were dropped for their number; `null` if none were. */
  get truncatedAt(): number | null {
    return this.#log.truncatedAt;
  }

  /** Records a span on the line `path`, nested by its slashes. Spans of one line do not overlap. Times are rounded to whole ns. */
  span(path: string, span: { readonly from: number; readonly until: number }, name: string): void {
    const whole = { from: Math.round(span.from), until: Math.round(span.until) };
    this.#log.slice(this.#tracks.node(path), whole, this.#name(name));
  }

  /** Records that a counter on the line `path` has a new value. */
  counter(path: string, counter: { readonly name: string; readonly unit: string }, time: number, value: number): void {
    const track = this.#tracks.counter(this.#tracks.node(path), counter.name, counter.unit);
    this.#log.counter(track, Math.round(time), value);
  }

  /** The trace file: open it in the Perfetto UI. The same calls give the same bytes. */
  encode(): Uint8Array {
    const writer = new PerfettoWriter();
    for (const track of this.#tracks.tracks) writer.track(track);
    for (const { kind, track, time, end, name, value } of this.#log.events()) {
      if (kind === "counter") {
        writer.counter(track, time, value);
        continue;
      }
      writer.begin(EVENT_TYPE.sliceBegin, { track, time }, this.#names[name]!, 0);
      writer.end(track, end);
    }
    return writer.finish();
  }

  #name(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }
}
