/** Signals: single elements that say that something is done, so that what depends on it may begin. */
import { accum } from "../../ops/compute/accum.ts";
import { map2 } from "../../ops/compute/map.ts";
import { eagerMerge } from "../../ops/routing/eager-merge.ts";
import { promote } from "../../ops/shape/promote.ts";
import type { Stream } from "../../program/program.ts";

/** One element, [1], when the stream [1, n] has ended. */
export function afterAll(acknowledgements: Stream, id: string): Stream {
  return accum(acknowledgements, { id, fn: "all-read", rank: 1, bandwidth: 1 });
}

/** One element, [1], when all of several streams [n] have ended, whose extents have a known sum. */
export function afterMerged(acknowledgements: readonly Stream[], id: string): Stream {
  const { merged } = eagerMerge(acknowledgements as [Stream, ...Stream[]], { id: `${id}_any` });
  return afterAll(promote(merged, { id: `${id}_group`, rank: 1 }), id);
}

/** One element when all of several have come. */
export function both(signals: readonly [Stream, ...Stream[]], id: string): Stream {
  const join = (some: readonly Stream[], path: string): Stream => {
    if (some.length === 1) return some[0]!;
    const half = Math.ceil(some.length / 2);
    const left = join(some.slice(0, half), `${path}l`);
    const right = join(some.slice(half), `${path}r`);
    return map2(left, right, { id: `${id}${path}`, fn: "maximum", bandwidth: 1 });
  };
  return join(signals, "_");
}
