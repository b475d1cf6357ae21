import { DiagnosticBag } from "@millrace/ir-text";
import { FuseflowError } from "../errors.ts";
import type { SamGraph } from "../sam/graph.ts";
import { GraphFaults } from "../sam/validate/graph-faults.ts";
import { inferShapes } from "../sam/validate/shapes/stream-shapes.ts";
import { orderBlocks, wiringOf } from "../sam/validate/wiring.ts";

/** Which fork dealt what a join puts together, and how many levels the lanes have made of each item. */
export interface LanePair {
  readonly fork: string;
  readonly depth: number;
}

/**
 * The forks of all joins of a graph, by join.
 *
 * @throws {FuseflowError} `graph-invalid` for a join whose lanes were not dealt by one fork.
 */
export function pairLanes(graph: SamGraph): ReadonlyMap<string, LanePair> {
  const pairs = new Map<string, LanePair>();
  const joins = graph.blocks.filter((block) => block.type === "join");
  if (joins.length === 0) return pairs;
  const wiring = wiringOf(graph);
  const { axes, byOutput } = inferShapes(
    wiring,
    orderBlocks(wiring).order,
    new GraphFaults(new DiagnosticBag(), undefined),
  );
  for (const join of joins) {
    const lanes = Array.from({ length: join.ways }, (_, way) => {
      const from = wiring.into.get(`${join.id}.in${way}`)?.from;
      return byOutput.get(`${from?.block}.${from?.port}`)?.axes ?? [];
    });
    const levels = lanes[0]?.length ?? 0;
    for (let level = levels - 1; level >= 0 && !pairs.has(join.id); level--) {
      const origins = lanes.map((lane) => {
        const axis = lane[level];
        return axis === undefined ? undefined : axes.origin(axis);
      });
      const [first] = origins;
      const distinct = new Set(lanes.map((lane) => lane[level])).size === join.ways;
      const together = origins.every((origin) => origin?.laneOf !== undefined && origin.laneOf === first?.laneOf);
      if (first !== undefined && distinct && together)
        pairs.set(join.id, { fork: first.block, depth: levels - 1 - level });
    }
    if (pairs.has(join.id)) continue;
    throw new FuseflowError("graph-invalid", `the ${join.ways} lanes of join ${join.id} were not dealt by one fork`);
  }
  return pairs;
}
