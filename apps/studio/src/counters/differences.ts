/** Counters of two runs side by side, the largest change first. */
import type { Counter, CountersView } from "../view/counters.ts";

/** A counter of two runs; undefined where a run does not have it. */
export interface CounterDifference extends Omit<Counter, "value"> {
  readonly here: number | undefined;
  readonly there: number | undefined;
  /** The change from there to here as a share of the larger of the two: 0 for none, 1 for something against nothing. */
  readonly change: number;
}

/** The counters of both runs by owner and name; the largest change first, ties as the run wrote them. */
export function counterDifferences(here: CountersView, there: CountersView): CounterDifference[] {
  const key = ({ owner, name, unit }: Counter): string => JSON.stringify([owner, name, unit]);
  const others = new Map(there.map((one) => [key(one), one]));
  const both = here.map((one): CounterDifference => {
    const other = others.get(key(one));
    others.delete(key(one));
    return differenceOf(one, one.value, other?.value);
  });
  const onlyThere = [...others.values()].map((one) => differenceOf(one, undefined, one.value));
  return [...both, ...onlyThere].sort((a, b) => b.change - a.change);
}

function differenceOf({ value: _, ...counter }: Counter, here: number | undefined, there: number | undefined) {
  const larger = Math.max(Math.abs(here ?? 0), Math.abs(there ?? 0));
  const lacking = here === undefined || there === undefined;
  const change = lacking ? 1 : larger === 0 ? 0 : Math.min(1, Math.abs(here - there) / larger);
  return { ...counter, here, there, change };
}
