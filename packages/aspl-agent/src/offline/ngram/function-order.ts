/** In which order programs use the functions that their tasks list. */

/** The next function of the list that was not used yet, one further down, or one that was used before. */
export type Turn = "next" | "later" | "again";

/** Whose turn it is: `fns` are applied together, by their numbers in the list of the task. */
export function turnOf(fns: readonly number[], used: ReadonlySet<number>): Turn {
  if (fns.every((fn) => used.has(fn))) return "again";
  let next = 0;
  while (used.has(next)) next++;
  // Functions for several experts come in the order of the list, or in another one.
  return fns.every((fn, at) => fn === next + at) ? "next" : "later";
}

/** How much a class must be seen before it is believed. */
const prior = 2;

/** Counts of turns in the programs that a prompt shows together with their tasks. */
export class TurnCounts {
  readonly #counts = { next: 0, later: 0, again: 0 };
  #total = 0;

  count(turn: Turn, weight: number): void {
    this.#counts[turn] += weight;
    this.#total += weight;
  }

  /** How much more often than one in three a turn was seen; 1 as long as nothing was. */
  factorOf(turn: Turn): number {
    return (3 * this.#counts[turn] + prior) / (this.#total + prior);
  }
}
