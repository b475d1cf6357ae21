/** Points of an experiment as views of the studio. */
import type { CountersView, PointsView } from "@millrace/studio";
import type { FinishedPoint } from "./point.ts";

/** Designs by cycles, memory and traffic; a deadlocked one has no cycles. */
export function designsView(points: readonly FinishedPoint[]): PointsView {
  return {
    axes: [
      { name: "cycles", unit: "cycles", goal: "minimize" },
      { name: "on chip, allocated", unit: "bytes", goal: "minimize" },
      { name: "on chip, on demand", unit: "bytes" },
      { name: "off chip", unit: "bytes" },
      { name: "utilisation", unit: "" },
    ],
    points: points.map(({ label, candidate, cycles, onChipBytes, offChipBytes, computeUtilization, deadlock }) => ({
      label,
      group: candidate ? "held against the others" : "others",
      values: [
        deadlock === null ? cycles : null,
        onChipBytes.allocated,
        onChipBytes.onDemand,
        offChipBytes,
        computeUtilization,
      ],
    })),
  };
}

/** What was counted at each point. */
export function pointCounters(points: readonly FinishedPoint[]): CountersView {
  return points.flatMap(({ label, cycles, flops, offChipBytes, onChipBytes, trafficBytes, requests, deadlock }) => {
    const counted: [name: string, unit: string, value: number | null][] = [
      ["cycles", "cycles", deadlock === null ? cycles : null],
      ["operations", "operations", flops],
      ["off chip", "bytes", offChipBytes],
      ["on chip, allocated", "bytes", onChipBytes.allocated],
      ["on chip, on demand", "bytes", onChipBytes.onDemand],
      ["traffic", "bytes", trafficBytes],
      ["requests", "requests", requests],
    ];
    return counted.flatMap(([name, unit, value]) => (value === null ? [] : [{ name, unit, value, owner: label }]));
  });
}
