/** Timings of embedding operations, for people and for programs. */
import type { OptimizationLevel, TimingReport } from "@millrace/ember-dae";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatShare } from "../terminal/quantity.ts";
import { renderPairs, renderTable } from "../terminal/table.ts";

/** A timing, and what it is of. */
export interface Timing {
  readonly operation: string;
  /** Of decoupled machines. */
  readonly opt: OptimizationLevel | undefined;
  readonly memory: string | undefined;
  readonly report: TimingReport;
}

/** The document of one timing. */
export function timingToJson({ operation, opt, memory, report }: Timing): JsonValue {
  const { stalls, streams, queueOccupancy, ...figures } = report;
  return {
    operation,
    ...(opt === undefined ? {} : { opt }),
    ...(memory === undefined ? {} : { memory }),
    ...figures,
    stalls: { ...stalls },
    streams: streams.map((stream) => ({ ...stream })),
    queueOccupancy: [...queueOccupancy],
  };
}

/** What each cause of lost cycles is. */
export const stallNames: Readonly<Record<string, string>> = {
  coreWaitsForQueue: "core waits for the queue",
  accessWaitsForQueue: "access unit waits for room in the queue",
  accessWaitsForLines: "access unit waits for lines",
  unitsWaitForStorage: "innermost unit waits for storage",
  unitsWaitForBounds: "innermost unit waits for bounds",
  requestsWaitForRoom: "requests wait, all lines under way",
  latency: "latency beyond the lines that can be under way",
  pageWalks: "page walks",
  bandwidth: "bandwidth",
  launch: "launch",
  arithmetic: "arithmetic",
  cache: "cache traffic",
};

/** One timing as text. */
export function timingToText({ operation, opt, memory, report }: Timing): string {
  const { cycles, lookups, tokens, scalars, vectors, bytes, energyPicojoules, memoryUtilization } = report;
  const level = opt === undefined ? "" : `, emb-opt${opt}`;
  const stalls = Object.entries(report.stalls).filter(([, lost]) => lost > 0);
  return (
    renderPairs([
      ["operation", `${operation} on ${report.machine}${level}${memory === undefined ? "" : `, memory ${memory}`}`],
      ["cycles", formatCount(cycles)],
      ["time", `${formatCount(report.nanoseconds / 1000, 2)} us, bound by ${report.bound}`],
      ["lookups", `${formatCount(lookups)}, ${formatCount(report.lookupsPerSecond / 1e6, 2)} million a second`],
      ...(report.kind === "dae"
        ? [
            [
              "queue",
              `${formatCount(tokens)} tokens, ${formatCount(scalars)} scalars, ${formatCount(vectors)} vectors, ${formatBytes(bytes)}`,
            ] as const,
          ]
        : []),
      [
        "memory traffic",
        `${formatBytes(report.memoryBytes)}${memoryUtilization === null ? "" : `, ${formatShare(memoryUtilization)} of its bandwidth`}`,
      ],
      ["energy", energyPicojoules === null ? "not known" : `${formatCount(energyPicojoules / 1e6, 2)} uJ`],
    ]) +
    (stalls.length === 0
      ? ""
      : `\n${renderTable(
          [
            { heading: "cycles lost", align: "right" },
            { heading: "of all", align: "right" },
            { heading: "to", align: "left" },
          ],
          stalls.map(([cause, lost]) => [
            formatCount(lost),
            formatShare(lost / Math.max(1, cycles)),
            stallNames[cause] ?? cause,
          ]),
        )}`) +
    streamsText(report)
  );
}

function streamsText({ streams }: TimingReport): string {
  if (streams.length === 0) return "";
  const columns = ["stream", "lines", "second-cache hits", "last-cache hits", "from memory"];
  return `\n${renderTable(
    columns.map((heading, at) => ({ heading, align: at === 0 ? "left" : "right" })),
    streams.map(({ memory, lines, secondHits, lastHits }) => [
      memory,
      ...[lines, secondHits, lastHits, lines - secondHits - lastHits].map((count) => formatCount(count)),
    ]),
  )}`;
}
