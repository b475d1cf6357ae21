/**
 * Which streams of an access unit should enter the host's caches at the second one: those that reuse most of their lines
 * before the cache would have dropped them. All others stay out of it, and so do not push those lines out.
 */
import { stackDistances } from "../../analysis/stack-distance.ts";
import { type AccessTrace, lineBytes } from "../access/access-trace.ts";
import type { DaeMachine } from "../machine.ts";

/** Part of the lines of a stream that must hit for it to be hinted. */
const enough = 0.5;

/** By stream, whether it is read through the second cache; from the exact stack distances of its own lines. */
export function cacheHints(trace: AccessTrace, machine: DaeMachine): readonly boolean[] {
  if (machine.entry === "last") return trace.streams.map(() => false);
  const held = Math.floor(machine.caches.secondBytes / lineBytes);
  return trace.streams.map(({ unit }, stream) => {
    const own = trace.units[unit]!.stages.map(({ lines, streams }) => {
      const numbers = streams.values;
      return lines.values.filter((_, at) => numbers[at] === stream);
    }).find(({ length }) => length > 0);
    if (own === undefined) return false;
    const hits = stackDistances(own).distances.reduce(
      (sum, distance) => sum + Number(distance > 0 && distance <= held),
      0,
    );
    return hits >= enough * own.length;
  });
}
