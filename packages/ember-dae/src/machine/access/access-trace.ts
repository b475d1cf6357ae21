/**
 * What an access unit does on given ids, without times: the turns of each traversal unit, the lines that its streams read,
 * and the events that its core is told of, in order.
 *
 * Access units only read, so what they do does not depend on when they do it: the trace is made once and can be timed on
 * many machines. Turns that read no new line are one group with those before them.
 */
import type { NumberList } from "./number-list.ts";

/** Bytes of a cache line. */
export const lineBytes = 64;

/** The loads of one unit that depend on no other load of the same turn (stage 0), or on those of the stage before. */
export interface StageTrace {
  /** Lines read by each group. */
  readonly requests: NumberList;
  /** Which lines, in order, over all groups. */
  readonly lines: NumberList;
  /** Parallel to `lines`: which stream of the trace reads it. */
  readonly streams: NumberList;
}

/** One traversal unit. */
export interface UnitTrace {
  /** 0 for the outermost. */
  readonly depth: number;
  readonly children: readonly number[];
  /** Groups of each time the unit was started. */
  readonly groupsOfFibre: NumberList;
  /** Turns of each group. */
  readonly turns: NumberList;
  /** At least one, even without loads. */
  readonly stages: readonly StageTrace[];
}

/** What happens once when a unit begins, for each of its turns, or once when it ends. */
export interface EventKind {
  readonly unit: number;
  readonly event: "beg" | "ite" | "end";
  readonly tokens: number;
  readonly scalars: number;
  /** Vectors of values or of ids; masks count too. */
  readonly vectors: number;
  /** Of data and tokens. */
  readonly queueBytes: number;
  /** Written past the core, by streams that store. */
  readonly storeBytes: number;
  /** What each token, value and loop costs the core. */
  readonly work: EventWork;
}

/** Work of the core for one event, as multiples of the event costs of a machine. */
export interface EventWork {
  readonly rows: number;
  readonly scalarTokens: number;
  readonly vectorTokens: number;
  readonly unalignedVectors: number;
  readonly alignedVectors: number;
}

/** A stream that reads memory. */
export interface ReadStream {
  /** Which argument of the program it reads. */
  readonly argument: number;
  readonly unit: number;
}

/** The whole trace of one access unit. */
export interface AccessTrace {
  readonly units: readonly UnitTrace[];
  readonly streams: readonly ReadStream[];
  readonly kinds: readonly EventKind[];
  /** What happens, in order: kinds, and parallel to them for how many turns. */
  readonly script: { readonly kinds: NumberList; readonly turns: NumberList };
}

/** Sum over all events of a trace. */
export function trafficOf({ kinds, script }: AccessTrace): {
  tokens: number;
  scalars: number;
  vectors: number;
  bytes: number;
} {
  const turns = new Float64Array(kinds.length);
  const [kind, count] = [script.kinds.values, script.turns.values];
  for (let at = 0; at < kind.length; at++) turns[kind[at]!]! += count[at]!;
  const sum = (of: (kind: EventKind) => number) => kinds.reduce((total, each, at) => total + of(each) * turns[at]!, 0);
  return {
    tokens: sum(({ tokens }) => tokens),
    scalars: sum(({ scalars }) => scalars),
    vectors: sum(({ vectors }) => vectors),
    bytes: sum(({ queueBytes }) => queueBytes),
  };
}

/** Lines read by each stream. */
export function linesOf({ units, streams }: AccessTrace): Float64Array {
  const lines = new Float64Array(streams.length);
  for (const { stages } of units) {
    for (const stage of stages) for (const stream of stage.streams.values) lines[stream]! += 1;
  }
  return lines;
}
