/** How likely operators are after what made their arguments: counts of programs, smoothed from short contexts to long. */
import type { History } from "./history.ts";

/** Chance of what was never seen. */
const floor = 3e-4;
/** How much must be seen of a context before it counts as much as the shorter one. */
const prior = 2;

/** Chances of all events behind one value, read in one position; the first is that of an event that was never seen. */
type Row = Float64Array;

/** Counts of operators on their own, and behind one, two or three of the operators that made an argument. */
export class Chances {
  /** By position. */
  readonly #events: Map<string, number>[] = [];
  #eventCount = 0;
  /** For each context how often it was seen, and how often each event was seen in it. */
  readonly #contexts = new Map<string, { total: number; readonly counts: Map<number, number> }>();
  readonly #rows = new Map<string, Row>();

  /** Counts an operator that reads values with the given histories. Not after the first question. */
  count(key: string, read: readonly History[], weight: number): void {
    for (const [position, history] of read.entries()) {
      const event = this.#number(key, position);
      for (const context of contextsOf(history, position)) {
        let seen = this.#contexts.get(context);
        if (seen === undefined) {
          seen = { total: 0, counts: new Map() };
          this.#contexts.set(context, seen);
        }
        seen.total += weight;
        seen.counts.set(event, (seen.counts.get(event) ?? 0) + weight);
      }
    }
  }

  /** The chances behind a value in one position. Values with equal histories share them, from draw to draw. */
  rowOf(history: History, position: number): Row {
    const contexts = contextsOf(history, position);
    // A context that was never seen says no more than the shorter one: most draws end up in the same few rows.
    let known = contexts.length;
    while (known > 1 && !this.#contexts.has(contexts[known - 1]!)) known--;
    const key = contexts[known - 1]!;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#smoothed(contexts.slice(0, known));
      this.#rows.set(key, row);
    }
    return row;
  }

  /** The place of an operator's chance in the rows of a position. */
  eventAt(key: string, position: number): number {
    return this.#events[position]?.get(key) ?? 0;
  }

  #smoothed(contexts: readonly string[]): Row {
    const row = new Float64Array(this.#eventCount + 1).fill(floor);
    for (const context of contexts) {
      const seen = this.#contexts.get(context);
      if (seen === undefined) continue;
      const trust = seen.total / (seen.total + prior);
      for (let event = 0; event < row.length; event++) {
        const share = (seen.counts.get(event) ?? 0) / Math.max(seen.total, 1);
        row[event] = (1 - trust) * row[event]! + trust * share;
      }
    }
    return row.map((chance) => chance + floor);
  }

  #number(key: string, position: number): number {
    while (this.#events.length <= position) this.#events.push(new Map());
    const known = this.#events[position]!;
    let number = known.get(key);
    if (number === undefined) {
      number = ++this.#eventCount;
      known.set(key, number);
    }
    return number;
  }
}

/** What is known of an argument: nothing, then ever more of how it was made. A longer context is seen only where the shorter ones are. */
const contextsOf = (history: History, position: number): readonly string[] =>
  ["", ...history].map((text, depth) => `${position}${depth}:${text}`);
