/** Which counters are listed, in which order. */
import type { Counter, CountersView } from "../view/counters.ts";

/** What of the counters is asked for. */
export interface CounterChoice {
  /** Words that name or owner must contain, each of them. */
  readonly words: string;
  /** Only counters of this name; empty for all. */
  readonly name: string;
  /** Largest first, or as the run wrote them. */
  readonly largestFirst: boolean;
}

/** A counter and how long its bar is: its share of the largest with the same name and unit. */
export interface ListedCounter extends Counter {
  readonly share: number;
}

/** The counters of a name that have all words. */
export function found(counters: CountersView, { words, name }: Omit<CounterChoice, "largestFirst">): CountersView {
  const wanted = words.toLowerCase().split(/\s+/);
  return counters.filter(
    (one) =>
      (name === "" || one.name === name) &&
      wanted.every((word) => `${one.owner ?? ""} ${one.name} ${one.unit}`.toLowerCase().includes(word)),
  );
}

/** The counters that are asked for. */
export function listedCounters(counters: CountersView, choice: CounterChoice): ListedCounter[] {
  const largest = new Map<string, number>();
  for (const one of counters) {
    const key = `${one.name} ${one.unit}`;
    largest.set(key, Math.max(largest.get(key) ?? 0, Math.abs(one.value)));
  }
  const listed = found(counters, choice).map((one) => {
    const most = largest.get(`${one.name} ${one.unit}`)!;
    return { ...one, share: most === 0 ? 0 : Math.abs(one.value) / most };
  });
  return choice.largestFirst ? listed.sort((a, b) => b.value - a.value) : listed;
}

/** Names of counters in the order in which they come, with how many there are of each. */
export function counterNames(counters: CountersView): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const { name } of counters) names.set(name, (names.get(name) ?? 0) + 1);
  return names;
}
