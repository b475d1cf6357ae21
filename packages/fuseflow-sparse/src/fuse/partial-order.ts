/**
 * The partial order of a region's loops: which loop must be outside which, and why.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 5: the partial order graph (POG).
 */
import type { StoredTensor } from "../region/netlist.ts";
import type { FusedRegion } from "./expand.ts";
import { visitNodes } from "./fused-node.ts";

/** `before` must be a loop outside `after`. */
export interface OrderArc {
  readonly before: string;
  readonly after: string;
  /** In words, as in "A is stored with i outside k". */
  readonly reason: string;
  /** The view whose storage asks for it, where it is one. */
  readonly tensor?: string;
}

/** Loops of a region and what orders them. */
export interface PartialOrder {
  /** In order of creation. */
  readonly variables: readonly string[];
  readonly arcs: readonly OrderArc[];
}

/** The partial order of `region`: storage orders of views, `orders` asked for (per result, outermost first), maxima. */
export function partialOrder(
  region: FusedRegion,
  tensors: ReadonlyMap<string, Pick<StoredTensor, "modeOrder">>,
  orders: readonly (readonly string[])[] = [],
): PartialOrder {
  const arcs = new Map<string, OrderArc>();
  const add = (arc: OrderArc): void => {
    const key = `${arc.before} ${arc.after} ${arc.tensor ?? ""}`;
    if (!arcs.has(key)) arcs.set(key, arc);
  };
  for (const { node } of region.outputs) {
    visitNodes(node, (each) => {
      if (each.kind === "leaf") {
        const stored = tensors.get(each.tensor)?.modeOrder.map((mode) => each.indices[mode]!) ?? [];
        for (const [level, after] of stored.entries()) {
          const before = stored[level - 1];
          if (before === undefined) continue;
          const reason = `${each.tensor}(${each.indices.join(",")}) is stored with ${before} outside ${after}`;
          add({ before, after, reason, tensor: each.tensor });
        }
      } else if (each.kind === "reduce" && each.operation === "max") {
        for (const before of each.variables)
          for (const after of each.over)
            add({ before, after, reason: `the maximum over ${after} is taken for each ${before}` });
      }
    });
  }
  for (const order of orders) {
    for (const [at, after] of order.entries()) {
      const before = order[at - 1];
      if (before !== undefined) add({ before, after, reason: `the schedule asks for ${order.join(", ")}` });
    }
  }
  return { variables: region.variables, arcs: [...arcs.values()] };
}

/**
 * A shortest cycle of the partial order, as the arcs along it, or null: with a cycle there is no legal order.
 *
 * @example
 * const arcs = [{ before: "i", after: "j", reason: "" }, { before: "j", after: "i", reason: "" }];
 * findCycle({ variables: ["i", "j"], arcs }).length; // => 2
 */
export function findCycle({ variables, arcs }: PartialOrder): readonly OrderArc[] | null {
  const out = new Map<string, OrderArc[]>(variables.map((variable) => [variable, []]));
  for (const arc of arcs) out.get(arc.before)?.push(arc);
  let shortest: readonly OrderArc[] | null = null;
  for (const start of variables) {
    const path = backTo(start, out);
    if (path !== null && (shortest === null || path.length < shortest.length)) shortest = path;
  }
  return shortest;
}

function backTo(start: string, out: ReadonlyMap<string, readonly OrderArc[]>): readonly OrderArc[] | null {
  const reachedBy = new Map<string, OrderArc>();
  const queue = [start];
  for (const variable of queue) {
    for (const arc of out.get(variable) ?? []) {
      if (reachedBy.has(arc.after)) continue;
      reachedBy.set(arc.after, arc);
      if (arc.after === start) return pathTo(start, reachedBy);
      queue.push(arc.after);
    }
  }
  return null;
}

function pathTo(start: string, reachedBy: ReadonlyMap<string, OrderArc>): readonly OrderArc[] {
  const path: OrderArc[] = [];
  let at = start;
  do {
    const arc = reachedBy.get(at)!;
    path.unshift(arc);
    at = arc.before;
  } while (at !== start);
  return path;
}
