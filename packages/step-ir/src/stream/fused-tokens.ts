/**
 * Streams as slots: a value with the level of the stop that follows it. That is how streams travel on timed channels,
 * where a stop takes neither a slot nor a cycle; only a stop that no value precedes, at the end of an empty group, has a
 * slot of its own.
 */
import { Stop, stop, type Token } from "./tokens.ts";

/** A value with the level of the stop behind it (0: none), or a stop alone. */
export interface Slot<V> {
  /** Absent for a stop alone. */
  readonly value: V | undefined;
  /** Level of the stop; 0 for none. */
  readonly stop: number;
}

/** The slots of a stream of tokens. */
export function fuseStops<V>(tokens: readonly Token<V>[]): Slot<V>[] {
  const slots: Slot<V>[] = [];
  for (let place = 0; place < tokens.length; place++) {
    const token = tokens[place]!;
    if (token instanceof Stop) {
      slots.push({ value: undefined, stop: token.level });
      continue;
    }
    const next = tokens[place + 1];
    if (next instanceof Stop) place += 1;
    slots.push({ value: token, stop: next instanceof Stop ? next.level : 0 });
  }
  return slots;
}

/** The tokens of a stream of slots. */
export function splitStops<V>(slots: Iterable<Slot<V>>): Token<V>[] {
  const tokens: Token<V>[] = [];
  for (const slot of slots) {
    if (slot.value !== undefined) tokens.push(slot.value);
    if (slot.stop > 0) tokens.push(stop(slot.stop));
  }
  return tokens;
}
