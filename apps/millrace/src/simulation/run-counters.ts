/** The counters of a simulation as a view of the studio. */
import type { SimulationReport } from "@millrace/sim-core";
import type { Counter } from "@millrace/studio";

/** The counters of a run, or of the part of one that is called `part`. */
export function countersOf(report: SimulationReport, part?: string): readonly Counter[] {
  const cycles = { name: "cycles", unit: "cycles", value: report.cycles };
  const prefix = part === undefined ? "" : `${part}/`;
  return [
    part === undefined ? cycles : { ...cycles, owner: part },
    ...report.nodes.flatMap(({ id, busy, starved, blocked }) =>
      Object.entries({ busy, starved, blocked }).map(([name, value]) => ({
        ...{ name, unit: "cycles", value },
        owner: prefix + id,
      })),
    ),
    ...report.channels.flatMap(({ id, tokens, highWater }) => [
      { name: "tokens", unit: "tokens", value: tokens, owner: prefix + id },
      { name: "high water", unit: "tokens", value: highWater, owner: prefix + id },
    ]),
    ...report.memories.flatMap(({ id, bytesRead, bytesWritten }) => [
      { name: "read", unit: "bytes", value: bytesRead, owner: prefix + id },
      { name: "written", unit: "bytes", value: bytesWritten, owner: prefix + id },
    ]),
  ];
}
