/** What happened, without the names: a slice, an instant, a value of a counter, or a change of one. */
export interface TimelineEvent {
  readonly kind: "slice" | "instant" | "counter" | "rate";
  readonly track: number;
  /** Begin of a slice; time of the others. */
  readonly time: number;
  /** End of a slice; `time` for the others. */
  readonly end: number;
  /** Number of the name; -1 for counters. */
  readonly name: number;
  /** Value of a counter, or what is added to it. */
  readonly value: number;
  /** Flow that passes through; 0 for none. */
  readonly flow: number;
}

const KINDS = ["slice", "instant", "counter", "rate"] as const;
const FIELDS = 7;

/** Events inside a window of time, the earliest `maximum` of them at most. */
export class EventLog {
  readonly #from: number;
  #until: number;
  readonly #maximum: number;
  /** What is added to all times that are told from now on. */
  offset = 0;
  // FIELDS numbers per event, in the order of their recording.
  #fields: number[] = [];
  #cut = false;

  constructor(window: { readonly from: number; readonly until: number; readonly maximum: number }) {
    this.#from = window.from;
    this.#until = window.until;
    this.#maximum = window.maximum;
  }

  /** The time up to which everything is kept; `null` unless events were dropped. */
  get truncatedAt(): number | null {
    return this.#cut ? this.#until : null;
  }

  /** Records the part of [from, until) that lies in the window. */
  slice(track: number, span: { readonly from: number; readonly until: number }, name: number, flow = 0): void {
    const begin = Math.max(span.from + this.offset, this.#from);
    const end = Math.min(span.until + this.offset, this.#until);
    if (begin < end) this.#push(0, track, begin, end, name, 0, flow);
  }

  /** Records a point in time. */
  instant(track: number, at: number, name: number, flow: number): void {
    const time = at + this.offset;
    if (time >= this.#from && time <= this.#until) this.#push(1, track, time, time, name, 0, flow);
  }

  /** Records that a counter has a new value. */
  counter(track: number, at: number, value: number): void {
    const time = at + this.offset;
    if (time >= this.#from && time <= this.#until) this.#push(2, track, time, time, -1, value, 0);
  }

  /** Records that a counter is higher by `value` over [from, until). */
  rate(track: number, span: { readonly from: number; readonly until: number }, value: number): void {
    const begin = Math.max(span.from + this.offset, this.#from);
    const until = span.until + this.offset;
    if (begin >= until || begin > this.#until) return;
    this.#push(3, track, begin, begin, -1, value, 0);
    if (until <= this.#until) this.#push(3, track, until, until, -1, -value, 0);
  }

  /** The events, by time and then in the order of recording. */
  *events(): Generator<TimelineEvent> {
    this.#trim();
    for (let at = 0; at < this.#fields.length; at += FIELDS) {
      const [kind, track, time, end, name, value, flow] = this.#fields.slice(at, at + FIELDS);
      const last = Math.min(end!, this.#until);
      yield { kind: KINDS[kind!]!, track: track!, time: time!, end: last, name: name!, value: value!, flow: flow! };
    }
  }

  #push(...fields: number[]): void {
    for (const field of fields) this.#fields.push(field);
    if (this.#fields.length > 2 * FIELDS * this.#maximum) this.#trim();
  }

  // Sorts by time and drops what is beyond the maximum; the window ends where the first dropped event begins.
  #trim(): void {
    const { length } = this.#fields;
    const order = Array.from({ length: length / FIELDS }, (_, event) => event * FIELDS);
    order.sort((a, b) => this.#fields[a + 2]! - this.#fields[b + 2]! || a - b);
    const dropped = order[this.#maximum];
    if (dropped !== undefined) {
      this.#cut = true;
      this.#until = this.#fields[dropped + 2]!;
    }
    const sorted: number[] = [];
    for (const at of order) {
      const kept = dropped === undefined || this.#fields[at + 2]! < this.#until;
      if (kept) for (let field = 0; field < FIELDS; field++) sorted.push(this.#fields[at + field]!);
    }
    this.#fields = sorted;
  }
}
