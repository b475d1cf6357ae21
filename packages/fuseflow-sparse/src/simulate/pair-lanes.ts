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
  /** Ways of the fork, and the lane of its nth item if that is not in turn. */
  readonly dealing: { readonly ways: number; readonly deal?: readonly number[] };
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
  const forks = new Map(graph.blocks.flatMap((block) => (block.type === "fork" ? [[block.id, block]] : [])));
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
      const fork = forks.get(first?.block ?? "");
      if (fork !== undefined && distinct && together)
        pairs.set(join.id, { fork: fork.id, depth: levels - 1 - level, dealing: fork });
    }
    if (pairs.has(join.id)) continue;
    throw new FuseflowError("graph-invalid", `the ${join.ways} lanes of join ${join.id} were not dealt by one fork`);
  }
  return pairs;
}
