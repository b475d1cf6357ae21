/** Shares the groups of a stream among several units in turn. */
import {
  flatten,
  index,
  parallelize,
  reassemble,
  SelectorValue,
  type Stream,
  shapeOf,
  source,
  type Token,
  type Value,
} from "@millrace/step-ir";
import { unflatten } from "./dimensions.ts";

/** What is shared, and among how many. */
export interface LaneOptions {
  /** Dimensions of a group. */
  readonly rank: number;
  readonly lanes: number;
  /** What each unit does with its groups: it gives one element or one group of `rank` dimensions for each. */
  readonly body: (stream: Stream) => Stream;
  /** Gets the turns of the units, by the id of the source that tells them. */
  readonly sources: Record<string, readonly Token<Value>[]>;
}

/** The stream that `body` makes, by `lanes` units that take groups in turn; as many as there are groups at most. */
export function inLanes(stream: Stream, { rank, lanes, body, sources }: LaneOptions): Stream {
  const outer = stream.shape.slice(0, stream.shape.length - rank).map(({ extent }) => extent.value!);
  const groups = outer.reduce((product, size) => product * size, 1);
  const ways = Math.min(lanes, groups);
  if (ways < 2) return body(stream);
  const dealt = outer.length === 1 ? stream : flatten(stream, { min: rank, max: stream.shape.length - 1 });
  const done = parallelize(dealt, { rank, ways }).map(body);
  const id = `turns.${Object.keys(sources).length}`;
  sources[id] = Array.from({ length: groups }, (_, group) => new SelectorValue([group % ways]));
  const turns = source(stream.program, { id, shape: shapeOf(groups), element: index(1) });
  const given = done[0]!.shape.length - 1;
  const gathered = flatten(reassemble(done, turns), { min: given, max: given + 1 });
  return unflatten(gathered, outer, given);
}
