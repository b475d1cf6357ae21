/** A run of a trace as a result: the JSON document that scripts rely on, and tables for people. */
import { tickPicoseconds, transactionBytes } from "@millrace/sim-core";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatShare } from "../terminal/quantity.ts";
import { renderPairs, renderTable, type TableColumn } from "../terminal/table.ts";
import { counted } from "../terminal/wording.ts";
import type { DramResult } from "./dram-result.ts";
import { lossCauses, lossWords } from "./loss-cause.ts";
import type { DramRun } from "./run-trace.ts";

/** The document of `--json`; `extra` adds members to it. */
export function dramToJson(
  run: DramRun,
  result: DramResult,
  extra: Readonly<Record<string, JsonValue | undefined>> = {},
): JsonValue {
  const { spec, mapping, refresh, rowPolicy, cap, scheduler } = run.setup.configuration;
  const { nanoseconds, bytes, achievedBytesPerCycle, peakBytesPerCycle } = result;
  return {
    name: run.setup.name,
    cycles: run.cycles,
    profile: spec.profile,
    channels: result.channels.map(({ bytes: _, energyPicojoules, ...channel }) => ({
      ...channel,
      ...(energyPicojoules === undefined ? {} : { energyPicojoules: { ...energyPicojoules } }),
    })),
    achievedBytesPerCycle,
    peakBytesPerCycle,
    losses: result.losses,
    ...(result.energyPicojoules === undefined ? {} : { energyPicojoules: { ...result.energyPicojoules } }),
    nanoseconds,
    bytes,
    requests: run.requests,
    frontend: run.form,
    memory: {
      standard: spec.standard,
      levels: spec.levels,
      counts: [result.channels.length, ...spec.counts.slice(1)],
      transactionBytes: transactionBytes(spec),
      tickPicoseconds: tickPicoseconds(spec),
      ticksPerClock: spec.ticksPerClock,
      mapping,
      refresh: refreshes(run) ? refresh : "none",
      rowPolicy: rowPolicy === "closed" ? `closed, cap ${cap}` : rowPolicy,
      scheduler,
      clockRatio: `${run.setup.ratio.frontend}:${run.setup.ratio.memory}`,
    },
    ...extra,
  };
}

/** Whether the profile refreshes the part at all. */
function refreshes({ setup: { configuration } }: DramRun): boolean {
  return configuration.refresh !== "none" && configuration.spec.refreshLevel !== null;
}

const columns: readonly TableColumn[] = [
  { heading: "channel", align: "right" },
  { heading: "reads", align: "right" },
  { heading: "writes", align: "right" },
  { heading: "hits", align: "right" },
  { heading: "misses", align: "right" },
  { heading: "conflicts", align: "right" },
  { heading: "refreshes", align: "right" },
  { heading: "of peak", align: "right" },
];

/** The tables for people. */
export function dramToText(run: DramRun, result: DramResult): string {
  const peak = result.peakBytesPerCycle / Math.max(1, result.channels.length);
  const rows = result.channels.map((each, at) => [
    formatCount(at),
    ...[each.reads, each.writes, each.hits, each.misses, each.conflicts, each.refreshes].map((count) =>
      formatCount(count),
    ),
    formatShare(each.bandwidth / peak),
  ]);
  return `${renderPairs(dramPairs(run, result))}\n${renderTable(columns, rows)}\n${lossText(result)}`;
}

/** The peak, share by share; causes that lost nothing are left out. */
function lossText({ losses }: DramResult): string {
  const rows = lossCauses
    .filter((each) => losses[each] > 0)
    .sort((a, b) => losses[b] - losses[a])
    .map((each) => [lossWords[each].name, formatShare(losses[each]), lossWords[each].meaning]);
  return renderTable(
    [
      { heading: "of the peak", align: "left" },
      { heading: "share", align: "right" },
      { heading: "why", align: "left" },
    ],
    [["data", formatShare(losses.data), "bytes moved"], ...rows],
  );
}

/** What ran, how long, and how much of the peak it reached. */
export function dramPairs(run: DramRun, result: DramResult): [string, string][] {
  const { spec, mapping, refresh, rowPolicy, cap, scheduler } = run.setup.configuration;
  const { nanoseconds, bytes, achievedBytesPerCycle, peakBytesPerCycle } = result;
  const rows = rowPolicy === "closed" ? `rows closed after ${counted(cap, "access", "accesses")}` : "rows left open";
  const refreshed = refreshes(run)
    ? `refresh ${refresh}`
    : refresh === "none"
      ? "no refresh"
      : `no refresh (profile ${spec.profile} has none for ${spec.standard})`;
  const tick = spec.ticksPerClock === 1 ? "cycles" : `ticks, ${spec.ticksPerClock} per clock`;
  const perSecond = nanoseconds === 0 ? 0 : bytes / (nanoseconds * 1e-9);
  return [
    [
      "memory",
      `${run.setup.name}: ${spec.standard}, ${counted(result.channels.length, "channel", "channels")}, profile ${spec.profile}`,
    ],
    ["controller", `${scheduler}, ${rows}, ${refreshed}, mapping ${mapping}`],
    ["requests", `${formatCount(run.requests)} (${run.form})`],
    ["cycles", `${formatCount(run.cycles)} ${tick} (${formatTime(nanoseconds)})`],
    ["moved", `${formatBytes(bytes)}, ${formatBytes(perSecond)}/s`],
    [
      "achieved",
      `${achievedBytesPerCycle.toFixed(2)} of ${peakBytesPerCycle.toFixed(2)} bytes per cycle: ${formatShare(achievedBytesPerCycle / peakBytesPerCycle)} of the peak`,
    ],
    ...energyPair(result),
    ["row hits", formatShare(result.hits / Math.max(1, result.hits + result.misses + result.conflicts))],
  ];
}

/** Energy, where currents are known: standby is not in it. */
function energyPair({ energyPicojoules }: DramResult): [string, string][] {
  if (energyPicojoules === undefined) return [];
  const { activate, read, write, refresh, commands } = energyPicojoules;
  const share = (part: number): string => formatShare(part / Math.max(commands, 1e-30));
  const parts = `rows ${share(activate)}, reads ${share(read)}, writes ${share(write)}, refresh ${share(refresh)}`;
  return [["energy", `${(commands / 1e6).toPrecision(3)} uJ of commands, standby not in it: ${parts}`]];
}

/** `1234` -> `1.23 us`. */
export function formatTime(nanoseconds: number): string {
  for (const [unit, size] of [
    ["s", 1e9],
    ["ms", 1e6],
    ["us", 1e3],
  ] as const) {
    if (nanoseconds >= size) return `${(nanoseconds / size).toPrecision(3)} ${unit}`;
  }
  return `${nanoseconds.toFixed(0)} ns`;
}
