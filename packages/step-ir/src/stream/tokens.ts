/**
 * Streams as tokens: values, and stops that close groups.
 *
 * `S1` closes a group of dimension 0, `S2` also one of dimension 1, and so on: a stop closes exactly one group at its own
 * level and at every level below, empty if nothing came since the stop before. The outermost dimension is closed by the
 * end of the stream, `D`. So `1.S1.S1.D` is [[1], []], and of the two nestings [[]] and [[[]]] of rank 2 only the second
 * has a form of its own, `S2.D`: an outer group always holds an inner one, and the first is written as the second.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §3.1 (streams, stop tokens). The rule for empty groups is ours.
 */
import { StepError } from "../errors.ts";

/** The end of a group of dimension `level` - 1 and of all inner ones. */
export class Stop {
  readonly level: number;

  constructor(level: number) {
    this.level = level;
  }

  toString(): string {
    return `S${this.level}`;
  }
}

/** What a stream consists of; the end of the stream is the end of the list. */
export type Token<V> = V | Stop;

/** A group of groups … of values: of rank 0 a list of values, of rank N a list of nestings of rank N - 1. */
export type Nesting<V> = readonly (V | Nesting<V>)[];

const stops: Stop[] = [];

/** The stop of a level of at least 1. */
export function stop(level: number): Stop {
  stops[level] ??= new Stop(level);
  return stops[level];
}

/**
 * Checks that the tokens form a stream of `rank`.
 *
 * @throws {StepError} `stream-malformed` naming the place of the first token that is wrong.
 */
export function checkTokens<V>(tokens: readonly Token<V>[], rank: number): void {
  for (const [place, token] of tokens.entries()) {
    if (token instanceof Stop && !(Number.isInteger(token.level) && token.level >= 1 && token.level <= rank)) {
      const highest = rank === 0 ? "a stream of rank 0 has no stops" : `the highest stop of rank ${rank} is S${rank}`;
      throw new StepError("stream-malformed", `token ${place} is ${token}, but ${highest}`);
    }
  }
  const last = tokens.at(-1);
  if (rank === 0 || last === undefined || (last instanceof Stop && last.level === rank)) return;
  const found = last instanceof Stop ? `${last}` : "a value";
  throw new StepError(
    "stream-malformed",
    `the stream ends inside a group, at token ${tokens.length}: it must end with S${rank}, not with ${found}`,
  );
}

/** The tokens of a nesting of `rank`. */
export function encodeTokens<V>(nesting: Nesting<V>, rank: number): Token<V>[] {
  const tokens: Token<V>[] = [];
  // `close` is the level of the stop that ends the last inner group.
  const visit = (group: Nesting<V>, inside: number, close: number): void => {
    if (inside === 0) for (const value of group) tokens.push(value as V);
    else if (group.length === 0 && close > 0) visit([], inside - 1, close);
    else {
      for (const [place, inner] of group.entries()) {
        const last = place === group.length - 1 && close > 0;
        visit(inner as Nesting<V>, inside - 1, last ? close : inside);
      }
      return;
    }
    if (inside === 0 && close > 0) tokens.push(stop(close));
  };
  visit(nesting, rank, 0);
  return tokens;
}

/**
 * The nesting that tokens of `rank` stand for.
 *
 * @throws {StepError} `stream-malformed` if they form no stream of that rank.
 */
export function decodeTokens<V>(tokens: readonly Token<V>[], rank: number): Nesting<V> {
  checkTokens(tokens, rank);
  const outermost: (V | Nesting<V>)[] = [];
  // open[level] is the group of that dimension being filled.
  const open: (V | Nesting<V>)[][] = Array.from({ length: rank }, () => []);
  const groupAt = (level: number): (V | Nesting<V>)[] => (level === rank ? outermost : open[level]!);
  for (const token of tokens) {
    if (!(token instanceof Stop)) groupAt(0).push(token);
    else {
      for (let level = 0; level < token.level; level++) {
        groupAt(level + 1).push(open[level]!);
        open[level] = [];
      }
    }
  }
  return outermost;
}

/** Sizes of all groups of each dimension, outermost dimension first. */
export function groupSizes<V>(tokens: readonly Token<V>[], rank: number): number[][] {
  const sizes: number[][] = Array.from({ length: rank + 1 }, () => []);
  const counts = new Array<number>(rank + 1).fill(0);
  for (const token of tokens) {
    if (!(token instanceof Stop)) counts[0]! += 1;
    else {
      for (let level = 0; level < token.level; level++) {
        sizes[level]!.push(counts[level]!);
        counts[level] = 0;
        counts[level + 1]! += 1;
      }
    }
  }
  sizes[rank]!.push(counts[rank]!);
  return sizes.reverse();
}
