/** Explored points as designs that the studio shows. */
import type { Explored } from "@millrace/fuseflow-sparse";
import type { PointsView } from "@millrace/studio";

/** Designs by cycles, operations and traffic, in groups of one granularity; those without a graph have no cycles. */
export function exploredView(points: readonly Explored[]): PointsView {
  const manyData = new Set(points.map(({ data }) => data)).size > 1;
  return {
    axes: [
      { name: "cycles", unit: "cycles", goal: "minimize" },
      { name: "moved", unit: "bytes", goal: "minimize" },
      { name: "operations", unit: "operations" },
      { name: "blocks", unit: "blocks" },
      { name: "estimated cycles", unit: "cycles" },
    ],
    points: points.map(({ data, granularity, order, lanes, block, cycles, flops, bytes, nodes, estimate }) => ({
      label: [
        ...(manyData ? [data] : []),
        granularity,
        `order ${order}`,
        `lanes ${lanes.join("x")}`,
        ...(block === 1 ? [] : [`tiles of ${block}`]),
      ].join(", "),
      group: granularity,
      values: cycles === null ? [null, null, null, null, null] : [cycles, bytes, flops, nodes, estimate.cycles],
    })),
  };
}
